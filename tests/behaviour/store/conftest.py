"""Submissions, problems and results for the suites of the store."""

from collections.abc import Callable

import pytest
from nbjudge_course.problem import Problem, Test
from nbjudge_course.submission import Submission
from nbjudge_course.verdict import Status, Verdict
from nbjudge_course.wire import Result


@pytest.fixture
def problem() -> Problem:
    tests = (Test(name="adds", source="assert add(1, 2) == 3", hidden=True),)
    return Problem(id="two-sum", title="Two sum", statement="Add *two* numbers.", tests=tests)


@pytest.fixture
def new(problem) -> Callable[..., Submission]:
    def submission(number: int, student: str = "ada", **others) -> Submission:
        values = {
            "id": f"{number:032x}",
            "student": student,
            "problem": problem.id,
            "version": problem.digest,
            "language": "python",
            "source": "def add(a, b): return a + b",
            "submitted_at": 1000.0 + number,
        }
        return Submission(**(values | others))

    return submission


@pytest.fixture
def result() -> Callable[..., Result]:
    def of(number: int, status: Status = Status.ACCEPTED, attempt: int = 1) -> Result:
        verdict = Verdict(status=status, cause=status, points=1, max_points=1, message="a\0b")
        return Result(submission=f"{number:032x}", attempt=attempt, worker="w", verdict=verdict)

    return of
