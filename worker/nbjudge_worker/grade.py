"""Grading one submission: the candidate and the examiner, brought together and supervised."""

from collections.abc import Callable
from typing import Protocol

from nbjudge_course.problem import Problem
from nbjudge_course.submission import Progress
from nbjudge_course.verdict import Verdict


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
