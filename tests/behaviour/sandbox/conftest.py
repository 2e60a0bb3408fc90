"""Boxes of every engine, and sources that run in them."""

from collections.abc import Callable, Iterator

import pytest
from nbjudge_course.problem import Limits, Problem
from nbjudge_worker.grading.inbox import BoxMessage
from nbjudge_worker.grading.pair import Candidate, loading
from nbjudge_worker.sandbox.box import Box, Role, Sandbox
from nbjudge_worker.sandbox.engines import open_sandbox

PROBLEM = Problem(id="x", title="X")
SECONDS = 20.0


@pytest.fixture(scope="module", params=["bubblewrap", "none"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
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
