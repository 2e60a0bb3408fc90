"""Submissions, problems and jobs for the parts of the service."""

from collections.abc import Callable

import pytest
from nbjudge_course.problem import Problem, Test
from nbjudge_course.submission import Submission
from nbjudge_course.verdict import Status, Verdict
from nbjudge_course.wire import Job, Result
from nbjudge_grader_service.queue import FakeQueue
from nbjudge_grader_service.store import FakeStore


@pytest.fixture
def problem() -> Problem:
    return Problem(id="double", title="Twice", tests=(Test(name="one", source="assert True"),))


@pytest.fixture
async def store(problem) -> FakeStore:
    store = FakeStore()
    await store.publish(problem)
    return store


@pytest.fixture
async def queue() -> FakeQueue:
    return FakeQueue(stale_seconds=0.1)


@pytest.fixture
def accept(store, problem) -> Callable:
    """Accept the student's n-th submission and return its job."""

    async def one(number: int, student: str = "ada") -> Job:
        submission = Submission(
            id=f"{number:032x}",
            student=student,
            problem=problem.id,
            version=problem.digest,
            language="python",
            source="pass",
            submitted_at=1000.0 + number,
        )
        await store.accept(submission)
        return Job(submission=submission, attempt=1)

    return one


@pytest.fixture
def result() -> Callable[..., Result]:
    def of(job: Job, status: Status = Status.ACCEPTED) -> Result:
        verdict = Verdict(status=status, cause=status, points=1.0, max_points=1.0)
        return Result(
            submission=job.submission.id, attempt=job.attempt, worker="w", verdict=verdict
        )

    return of
