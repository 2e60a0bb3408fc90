"""Grading one submission: the port, and the real grader that the worker and the author use."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

from nbjudge_course.problem import Problem
from nbjudge_course.submission import Progress
from nbjudge_course.verdict import Verdict

from nbjudge_worker.grading import SandboxedGrader
from nbjudge_worker.sandbox.engines import open_sandbox


class Grader(Protocol):
    """Turns a source and a problem into a verdict."""

    def grade(
        self,
        problem: Problem,
        source: str,
        language: str,
        *,
        progress: Callable[[Progress], None] = ...,
        cancelled: Callable[[], bool] = ...,
    ) -> Verdict:
        """Grade the source. An exception is a fault of the grader, never of the source."""
        ...


@contextmanager
def open_grader(sandbox: str = "auto") -> Iterator[SandboxedGrader]:
    """Open the sandbox and hand out a grader on it; close the sandbox in the end."""
    engine = open_sandbox(sandbox)
    try:
        yield SandboxedGrader(engine)
    finally:
        engine.close()


__all__ = ["Grader", "SandboxedGrader", "open_grader"]
