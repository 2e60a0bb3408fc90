"""Where there is no control group, the time of processes that have ended counts as well."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from nbjudge_worker.sandbox.census import Census

CHILDREN = 6
CHILD_SECONDS = 0.1
"""Several looks long."""


def work() -> None:
    while time.process_time() < CHILD_SECONDS:
        pass


def nobody_waits() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in range(CHILDREN):
        forked(work)


def waits(children: int = CHILDREN) -> None:
    for _ in range(children):
        forked(work)


def wait_and_end() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    waits(2)


def nobody_waits_for_those_who_wait() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in range(CHILDREN // 2):
        forked(wait_and_end)


def forked(run: Callable[[], object]) -> None:
    """Run it in a child, until that has ended."""
    pid = os.fork()
    if pid == 0:
        run()
        os._exit(0)
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        return


@contextmanager
def watched(run: Callable[[], object]) -> Iterator[tuple[Census, int]]:
    """Run it in a process that is counted, which then stays; yield what it is told of at the end."""
    ready, told = os.pipe()
    start, go = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.read(start, 1)
        run()
        os.write(told, b"x")
        signal.pause()
    os.set_blocking(ready, False)
    census = Census(pid, pid)
    census.begin(1 << 30, 64)
    os.write(go, b"x")
    try:
        yield census, ready
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        for end in (ready, told, start, go):
            os.close(end)


def counted(run: Callable[[], object]) -> float:
    """Look until it has run; return the CPU time that was counted."""
    with watched(run) as (census, ready):
        while True:
            seconds = census.cpu_seconds()
            try:
                os.read(ready, 1)
            except BlockingIOError:
                time.sleep(0.005)
                continue
            return max(seconds, census.cpu_seconds())


@pytest.mark.parametrize("run", [nobody_waits, nobody_waits_for_those_who_wait])
def test_the_time_of_children_that_nobody_waited_for_is_remembered(
    run: Callable[[], object],
) -> None:
    assert counted(run) > CHILDREN * CHILD_SECONDS / 2


def test_the_time_of_children_is_counted_once() -> None:
    assert CHILDREN * CHILD_SECONDS * 0.8 < counted(waits) < CHILDREN * CHILD_SECONDS * 1.5
