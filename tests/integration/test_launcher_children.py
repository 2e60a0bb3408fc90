"""Children of the launcher: kept running, stopped with all that they started, never orphaned."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from nbjudge_course.errors import Unavailable
from nbjudge_grader_service.run_children import Child, ChildCommand

DEADLINE_SECONDS = 20.0


def command(tmp_path: Path, *arguments: str, **more) -> ChildCommand:
    return ChildCommand(
        name="part", arguments=arguments, environment=os.environ, log=tmp_path / "part.log", **more
    )


def python(tmp_path: Path, source: str, **more) -> ChildCommand:
    return command(tmp_path, sys.executable, "-c", source, **more)


async def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        await asyncio.sleep(0.02)


def is_alive(pid: int) -> bool:
    """A zombie that nobody has collected yet is not alive."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def test_a_child_that_dies_is_started_again(tmp_path):
    child = Child(command(tmp_path, "sleep", "600"))
    await child.start()
    first = child.pid

    os.kill(first, signal.SIGKILL)
    await until(lambda: child.pid not in {None, first})

    await child.stop()
    assert child.pid is None


async def test_it_is_not_started_again_once_it_was_told_to_stop(tmp_path):
    child = Child(python(tmp_path, f"open({str(tmp_path / 'starts')!r}, 'a').write('x')"))
    await child.start()
    await until(lambda: child.pid is None)

    await child.stop()

    assert child.pid is None
    assert set((tmp_path / "starts").read_text()) == {"x"}


async def test_a_child_that_cannot_start_is_told_with_its_last_words(tmp_path):
    async def never() -> bool:
        return False

    child = Child(python(tmp_path, "import sys; sys.exit('the disk is on fire')", ready=never))

    with pytest.raises(Unavailable, match=r"part ended with status 1\.\n.*the disk is on fire"):
        await child.start()
    await child.stop()


async def test_start_waits_until_the_child_is_ready(tmp_path):
    flag = tmp_path / "flag"

    async def flag_is_there() -> bool:
        return flag.exists()

    source = f"import time; time.sleep(0.3); open({str(flag)!r}, 'w').close(); time.sleep(600)"
    child = Child(python(tmp_path, source, ready=flag_is_there))

    await child.start()

    assert flag.exists()
    await child.stop()


async def test_stopping_gives_the_child_time_to_finish(tmp_path):
    done = tmp_path / "done"
    source = (
        "import signal, sys, time\n"
        f"def finish(*_): time.sleep(0.3); open({str(done)!r}, 'w').close(); sys.exit()\n"
        "signal.signal(signal.SIGTERM, finish)\n"
        f"open({str(tmp_path / 'armed')!r}, 'w').close()\n"
        "time.sleep(600)"
    )
    child = Child(python(tmp_path, source, ready=exists(tmp_path / "armed")))
    await child.start()

    await child.stop()

    assert done.exists()


async def test_what_ignores_the_request_to_stop_is_killed_with_its_own_children(tmp_path):
    pid_file = tmp_path / "grandchild"
    source = (
        "import signal, subprocess, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "grandchild = subprocess.Popen(['sleep', '600'])\n"
        f"open({str(pid_file)!r}, 'w').write(str(grandchild.pid))\n"
        "time.sleep(600)"
    )
    child = Child(python(tmp_path, source, ready=exists(pid_file), grace_seconds=0.2))
    await child.start()
    pid = child.pid

    await until(pid_file.read_text)
    await child.stop()

    await until(lambda: not is_alive(pid) and not is_alive(int(pid_file.read_text())))


async def test_a_killed_launcher_leaves_no_child(tmp_path):
    pid_file = tmp_path / "pid"
    launcher = subprocess.Popen([sys.executable, "-c", LAUNCHER, str(tmp_path), str(pid_file)])
    try:
        await until(pid_file.exists)
        await until(pid_file.read_text)
        child = int(pid_file.read_text())
        assert is_alive(child)
    finally:
        launcher.kill()
        launcher.wait()

    await until(lambda: not is_alive(child))


LAUNCHER = """
import asyncio, os, pathlib, sys
from nbjudge_grader_service.run_children import Child, ChildCommand

async def main(folder, pid_file):
    child = Child(ChildCommand(
        name="part", arguments=["sleep", "600"], environment=os.environ, log=folder / "part.log"))
    await child.start()
    pid_file.write_text(str(child.pid))
    await asyncio.sleep(600)

asyncio.run(main(*map(pathlib.Path, sys.argv[1:])))
"""


def exists(path: Path) -> Callable[[], Awaitable[bool]]:
    async def there() -> bool:
        return path.exists()

    return there
