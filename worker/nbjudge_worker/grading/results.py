"""From what happened in a test to what the student is told of it."""

from dataclasses import dataclass

from nbjudge_course.problem import Test
from nbjudge_course.verdict import Status, TestResult

from nbjudge_worker.grading.inbox import BoxMessage
from nbjudge_worker.grading.plain_text import plain_text

_STATUSES = {
    "passed": Status.ACCEPTED,
    "failed": Status.WRONG_ANSWER,
    "raised": Status.RUNTIME_ERROR,
    "author": Status.INTERNAL_ERROR,
}

_SAID = {
    Status.TIME_LIMIT_EXCEEDED: "the code takes longer than it may",
    Status.MEMORY_LIMIT_EXCEEDED: "the code holds more memory than it may",
    Status.OUTPUT_LIMIT_EXCEEDED: "the code prints more than it may",
    Status.RUNTIME_ERROR: "the program ended while it was needed: it exited or crashed",
}


@dataclass(frozen=True)
class Outcome:
    """How one stretch of work ended, with all that is known of it."""

    status: Status
    message: str = ""
    expected: str | None = None
    got: str | None = None
    output: str = ""
    cpu_seconds: float = 0.0
    memory_bytes: int = 0


def outcome_of(message: BoxMessage) -> Outcome:
    """Return what the examiner reports of a test."""
    status = _STATUSES.get(message.outcome, Status.INTERNAL_ERROR)
    if status is Status.RUNTIME_ERROR and message.memory:
        status = Status.MEMORY_LIMIT_EXCEEDED
    return Outcome(status, message.message, message.expected, message.got)


def stopped(status: Status) -> Outcome:
    """Return what to say of a candidate that did not live to the end of its work."""
    return Outcome(status, _SAID.get(status, ""))


def told(test: Test, outcome: Outcome) -> TestResult:
    """Return what the student may know. Of a hidden test that is its status and its hint."""
    passed = outcome.status is Status.ACCEPTED
    points = test.points if passed else 0.0
    if test.hidden:
        message = "" if passed else test.hint
        return TestResult(
            name=test.name,
            status=outcome.status,
            points=points,
            max_points=test.points,
            hidden=True,
            message=message,
        )
    return TestResult(
        name=test.name,
        status=outcome.status,
        points=points,
        max_points=test.points,
        message=plain_text(outcome.message) or ("" if passed else test.hint),
        expected=outcome.expected and plain_text(outcome.expected),
        got=outcome.got and plain_text(outcome.got),
        output=plain_text(outcome.output),
        cpu_seconds=round(outcome.cpu_seconds, 6),
        memory_bytes=outcome.memory_bytes,
    )
