"""Engines in Docker, and sources that run in their boxes."""

from collections.abc import Callable, Iterator

import pytest
from nbjudge_course.problem import Limits, Problem
from nbjudge_worker.grading.pair import Candidate, loading
from nbjudge_worker.sandbox.box import Role
from nbjudge_worker.sandbox.docker.engine import DockerSandbox

PROBLEM = Problem(id="x", title="X")


@pytest.fixture(scope="module", params=["docker-shared", "docker", "docker:runsc"])
def sandbox(request: pytest.FixtureRequest, docker_host: str) -> Iterator[DockerSandbox]:
    opened = DockerSandbox(request.param)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def shared(docker_host: str) -> Iterator[DockerSandbox]:
    opened = DockerSandbox("docker-shared")
    yield opened
    opened.close()


def begun(sandbox: DockerSandbox, source: str, **limits: float) -> Candidate:
    """Start a cell in a box of its own."""
    candidate = Candidate(sandbox.take(Role.CANDIDATE, Limits(**limits)))  # type: ignore[arg-type]  # fields by name
    candidate.load(loading(PROBLEM, source, "python", None)).close()
    return candidate


def printed(sandbox: DockerSandbox, source: str, **limits: float) -> str:
    """Run a cell to its end and return what it printed."""
    candidate = begun(sandbox, source, **limits)
    try:
        message = candidate.inbox.wait(30.0)
        assert message.op == "loaded", message
        return candidate.printed(0, candidate.printed_bytes())
    finally:
        candidate.close()


@pytest.fixture
def start() -> Iterator[Callable[..., Candidate]]:
    """Start cells, and end them all."""
    cells: list[Candidate] = []

    def started(sandbox: DockerSandbox, source: str, **limits: float) -> Candidate:
        cells.append(begun(sandbox, source, **limits))
        return cells[-1]

    yield started
    for cell in cells:
        cell.close()


@pytest.fixture
def said() -> Callable[..., str]:
    """Run a cell to its end and return what it printed."""
    return printed
