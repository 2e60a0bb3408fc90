"""Processes on SQLite and a real Redis that are stopped and killed: nothing accepted is lost."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from contextlib import ExitStack

import pytest
from real_service import Class, ask, done, publish, ready, submit
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect


@pytest.fixture
def room(tmp_path_factory):
    with ExitStack() as stack:
        one = Class(tmp_path_factory.mktemp("c"))
        stack.enter_context(one.running_redis())
        yield one


@pytest.fixture
async def connect():
    """Give a way to connect as ada."""
    connections = []

    async def one(port, revision=0):
        url = f"ws://127.0.0.1:{port}/api/live?revision={revision}"
        request = HTTPRequest(url, headers={"Authorization": "token a"})
        connections.append(await websocket_connect(request))
        return connections[-1]

    yield one
    for live in connections:
        live.close()


async def test_the_whole_path_over_a_real_redis_and_database(room, connect):
    with room.service() as (_, port):
        await ready(port)
        await publish(port)
        live = await connect(port)
        accepted = await submit(port)
        room.report(await asyncio.to_thread(room.take))
        assert (await done(live))["id"] == accepted["id"]


async def test_sigterm_says_good_bye_and_ends_well(room, connect):
    with room.service() as (process, port):
        await ready(port)
        live = await connect(port)
        assert json.loads(await live.read_message())["type"] == "hello"
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(live.read_message(), timeout=20) is None
        assert live.close_code == 1001
        assert await asyncio.to_thread(process.wait, 20) == 0


async def test_what_was_accepted_survives_the_kill_of_the_service_and_the_loss_of_redis(
    room, connect
):
    with room.service() as (process, port):
        await ready(port)
        await publish(port)
        accepted = [await submit(port) for _ in range(6)]
        process.kill()
        process.wait()
    room.redis.flushall()
    with room.service() as (_, port):
        await ready(port)
        live = await connect(port, accepted[-1]["revision"])
        order = []
        for _ in accepted:
            job = await asyncio.to_thread(room.take)
            order.append(job.submission.id)
            room.report(job)
        seen = {(await done(live))["id"] for _ in accepted}
    assert order == [one["id"] for one in accepted]
    assert seen == set(order)


async def test_a_result_that_came_while_nobody_was_there_is_recorded(room, connect):
    with room.service() as (process, port):
        await ready(port)
        await publish(port)
        accepted = await submit(port)
        job = await asyncio.to_thread(room.take)
        process.kill()
        process.wait()
    room.report(job)
    with room.service() as (_, port):
        await ready(port)
        live = await connect(port, accepted["revision"])
        assert (await done(live))["id"] == accepted["id"]


async def test_two_processes_agree_on_what_is_live(room):
    with room.service() as (_, one), room.service() as (_, two):
        await ready(one)
        await ready(two)
        await publish(one)
        for title in ("First", "Second", "First", "Third"):
            assert (await ask(two, "GET", "/api/problems/double"))[0] == 200
            assert (await publish(one, title))[0] == 200
            for port in (two, one):
                answer = await ask(port, "GET", "/api/problems/double")
                assert answer[1]["title"] == title


async def test_a_wrong_setting_is_named_at_the_start(tmp_path):
    command = [sys.executable, "-m", "nbjudge_grader_service"]
    environment = {**os.environ, "NBJUDGE_WINDOW": "none"}
    ended = subprocess.run(command, env=environment, capture_output=True, check=False, cwd=tmp_path)
    assert ended.returncode == 2
    assert b"window" in ended.stderr
