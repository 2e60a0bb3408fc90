"""Boxes of every engine, and sources that run in them."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from nbjudge_course.problem import Limits, Problem
from nbjudge_worker.grading.inbox import BoxMessage
from nbjudge_worker.grading.pair import Candidate, loading
from nbjudge_worker.sandbox.box import Box, Role, Sandbox
from nbjudge_worker.sandbox.census import descendants
from nbjudge_worker.sandbox.docker.engine import DockerSandbox
from nbjudge_worker.sandbox.engines import open_sandbox

PROBLEM = Problem(id="x", title="X")
SECONDS = 20.0


ENGINES = ["bubblewrap", "none", "docker-shared", "docker", "docker:runsc"]


@pytest.fixture(scope="module", params=ENGINES)
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    if request.param.startswith("docker"):
        request.getfixturevalue("docker_host")
    opened = open_sandbox(request.param)
    yield opened
    opened.close()


class Cell:
    """A cell that runs in a box of its own."""

    def __init__(self, sandbox: Sandbox, source: str, limits: Limits) -> None:
        self.box: Box = sandbox.take(Role.CANDIDATE, limits)
        self.candidate = Candidate(self.box)
        self.line = self.candidate.load(loading(PROBLEM, source, "python", None))

    def message(self) -> BoxMessage:
        """Return what it says when the cell has run."""
        return self.candidate.inbox.wait(SECONDS)

    def output(self) -> str:
        """Return all that it printed."""
        return self.candidate.printed(0, self.candidate.printed_bytes())

    def close(self) -> None:
        self.candidate.close()
        self.line.close()


def processes(sandbox: Sandbox) -> list[int]:
    """Return all processes of the engine's, in whatever container they are."""
    found = descendants(os.getpid())
    if isinstance(sandbox, DockerSandbox):
        containers = set(own_containers(sandbox))
        for folder, _, _ in os.walk("/sys/fs/cgroup"):
            if Path(folder).name in containers:
                with suppress(OSError):
                    found += map(int, Path(folder, "cgroup.procs").read_text().split())
    return sorted(set(found))


def own_containers(sandbox: DockerSandbox) -> list[str]:
    """Return the ids of the engine's containers."""
    label = {"label": f"nbjudge.owner={sandbox.daemon.doors.owner}"}
    return [found["Id"] for found in sandbox.daemon.api.containers(all=True, filters=label)]


@pytest.fixture
def population(sandbox: Sandbox) -> Callable[[], int]:
    """Count the processes of the engine, once it is tidy."""

    def count() -> int:
        sandbox.tidy()
        return len(processes(sandbox))

    return count


def lives(pid: int) -> bool:
    """Tell whether a process has not ended, buried or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.fixture
def end_all(sandbox: Sandbox) -> Callable[[], None]:
    """Kill all that the engine has prepared."""

    def ended() -> None:
        if isinstance(sandbox, DockerSandbox):
            for container in own_containers(sandbox):
                sandbox.daemon.kill(container)
            return
        killed = descendants(os.getpid())
        for pid in killed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        until = time.monotonic() + 10
        while any(map(lives, killed)) and time.monotonic() < until:
            time.sleep(0.01)

    return ended


Start = Callable[..., Cell]


@pytest.fixture
def start(sandbox: Sandbox) -> Iterator[Start]:
    """Start cells, and close them all in the end."""
    cells: list[Cell] = []

    def started(source: str, **limits: float) -> Cell:
        cells.append(Cell(sandbox, source, Limits(**limits)))  # type: ignore[arg-type]  # fields by name
        return cells[-1]

    yield started
    for cell in cells:
        cell.close()


@pytest.fixture
def said(start: Start) -> Callable[..., str]:
    """Run a cell to its end and return what it printed."""

    def ran(source: str, **limits: float) -> str:
        cell = start(source, **limits)
        message = cell.message()
        assert message.op == "loaded", message
        return cell.output()

    return ran
