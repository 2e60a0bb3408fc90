"""`nbjudge status` as people and scripts run it."""

import asyncio
import json
import os
import pty
import re
import signal
import sys
from contextlib import suppress

import pytest
from nbjudge_course.wire import WorkerReport

COMMAND = [sys.executable, "-m", "nbjudge_course", "status"]


def settings(client, token="teacher-token"):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("NBJUDGE_", "JUPYTERHUB_"))}
    url = {"NBJUDGE_SERVICE_URL": f"http://127.0.0.1:{client.port}"} if client else {}
    return {**kept, **url, "NBJUDGE_TOKEN": token, "TERM": "xterm", "COLUMNS": "100"}


async def ran(*arguments, env, cwd=None):
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        *arguments,
        env=env,
        cwd=cwd,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, out.decode(), errors.decode()


async def test_once_prints_the_picture_on_a_pipe_without_colours(client, queue):
    queue.beat(WorkerReport(worker="the-worker", sandbox="bubblewrap", started_at=1.0))
    await client.submit()

    code, out, errors = await ran("--once", env=settings(client))

    assert (code, errors) == (0, "")
    assert "1 waiting, 0 running" in out
    assert "the-worker" in out
    assert "\x1b" not in out


async def test_once_with_json_is_what_the_service_answers(client):
    code, out, _ = await ran("--once", "--json", env=settings(client))
    _, answer = await client.request("GET", "/api/status", token="teacher-token")

    assert code == 0
    said = json.loads(out)
    assert said | {"at": 0} == answer | {"at": 0}


@pytest.mark.parametrize("arguments", [(), ("--json",)])
async def test_a_pipe_gets_a_line_each_time_until_its_reader_goes(client, arguments):
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        *arguments,
        *("--interval", "0.1"),
        env=settings(client),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    lines = [await asyncio.wait_for(process.stdout.readline(), 60) for _ in range(3)]
    process._transport.get_pipe_transport(1).close()
    errors = await asyncio.wait_for(process.stderr.read(), 60)

    assert all(b"waiting" in line for line in lines)
    assert (await process.wait(), errors) == (0, b"")


async def test_interrupted_it_ends_quietly(client):
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        env=settings(client),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    await asyncio.wait_for(process.stdout.readline(), 60)
    process.send_signal(signal.SIGINT)
    _, errors = await asyncio.wait_for(process.communicate(), 60)

    assert (process.returncode, errors) == (0, b"")


async def test_in_a_terminal_the_picture_is_refreshed_in_place(client):
    main, terminal = pty.openpty()
    process = await asyncio.create_subprocess_exec(
        *COMMAND, "--interval", "0.1", env=settings(client), stdout=terminal, stdin=terminal
    )
    os.close(terminal)
    seen = b""

    def read_until(wanted):
        nonlocal seen
        while not re.search(wanted, seen):
            seen += os.read(main, 65536)

    await asyncio.wait_for(asyncio.to_thread(read_until, rb"0.* waiting, "), 60)
    await client.submit()
    seen = b""
    await asyncio.wait_for(asyncio.to_thread(read_until, rb"1\S* waiting, "), 60)
    process.send_signal(signal.SIGINT)
    with suppress(OSError):  # how Linux tells that a terminal has no more writers
        await asyncio.to_thread(read_until, b"nothing more")
    assert await asyncio.wait_for(process.wait(), 60) == 0
    os.close(main)
    assert b"\x1b[1A" in seen  # back up over what was drawn before


async def test_who_is_no_instructor_is_told(client):
    for token in ("ada-token", "nobody"):
        code, out, errors = await ran("--once", env=settings(client, token))

        assert (code, out) == (1, "")
        assert "does not know you as an instructor" in errors


async def test_a_service_that_is_away_is_told(tmp_path):
    code, out, errors = await ran(
        "--once", "--service", "http://127.0.0.1:1", env=settings(None), cwd=tmp_path
    )

    assert (code, out) == (1, "")
    assert "http://127.0.0.1:1 does not answer" in errors


async def test_a_running_laptop_is_found_by_its_folder(client, tmp_path):
    folder = tmp_path / ".nbjudge"
    folder.mkdir()
    (folder / "service").write_text(f"http://127.0.0.1:{client.port}\n")
    (folder / "tokens.json").write_text(json.dumps({"teacher-token": {"name": "grace"}}))

    code, out, errors = await ran("--once", "--json", env=settings(None, ""), cwd=tmp_path)

    assert (code, errors) == (0, "")
    assert json.loads(out)["queue"]["waiting"] == 0
