"""A verdict: what the grader says of one submission, test by test. It is a value, never raised."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec


class Status(StrEnum):
    """How a test, or a whole submission, ended."""

    ACCEPTED = "accepted"
    WRONG_ANSWER = "wrong_answer"
    PARTIAL = "partial"
    """Some points, not all. Of a submission only, never of a test."""
    TIME_LIMIT_EXCEEDED = "time_limit_exceeded"
    MEMORY_LIMIT_EXCEEDED = "memory_limit_exceeded"
    OUTPUT_LIMIT_EXCEEDED = "output_limit_exceeded"
    RUNTIME_ERROR = "runtime_error"
    COMPILE_ERROR = "compile_error"
    CANCELLED = "cancelled"
    INTERNAL_ERROR = "internal_error"
    """The grader's or the author's fault, never the student's."""


class TestResult(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one test ended. Of a hidden test only name, status, points and hint are told."""

    __test__ = False  # not a test of pytest's

    name: str
    status: Status
    points: float
    max_points: float
    hidden: bool = False
    message: str = ""
    """Plain text: what went wrong, or the author's hint."""
    expected: str | None = None
    got: str | None = None
    """How the two sides of a failed comparison look, of a public test."""
    output: str = ""
    """What the student's code printed in this test, of a public test."""
    cpu_seconds: float | None = None
    memory_bytes: int | None = None


class Verdict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The official result of one submission."""

    status: Status
    cause: Status
    """The status of the first test that failed; the same as `status` unless that is partial."""
    points: float
    max_points: float
    tests: tuple[TestResult, ...] = ()
    message: str = ""
    """Plain text: a compiler's message or a traceback from before the first test."""
    output: str = ""
    """What the student's code printed outside of tests."""
    cpu_seconds: float = 0.0
    """CPU time of the student's code, all of it; what a student is told leaves hidden tests out."""
    wall_seconds: float = 0.0
    """How long grading took; 0 in what a student is told of hidden tests."""
    memory_bytes: int = 0
    """The most memory that the student's code held; as for the CPU time."""


REPLACED_MESSAGE = "A newer submission of yours replaced this one. It counts as no attempt."
TAKEN_BACK_MESSAGE = "You took this submission back. It counts as no attempt."


def cancelled(max_points: float, message: str) -> Verdict:
    """Return the verdict of a submission that its student no longer wants."""
    return Verdict(
        status=Status.CANCELLED,
        cause=Status.CANCELLED,
        points=0.0,
        max_points=max_points,
        message=message,
    )


def as_told(verdict: Verdict) -> Verdict:
    """Return the verdict without what would measure a hidden test, and so tell its input."""
    if not any(test.hidden for test in verdict.tests):
        return verdict
    return msgspec.structs.replace(
        verdict,
        cpu_seconds=sum(test.cpu_seconds or 0.0 for test in verdict.tests),
        wall_seconds=0.0,
        memory_bytes=max(test.memory_bytes or 0 for test in verdict.tests),
    )


def conclude(tests: Sequence[TestResult]) -> tuple[Status, Status]:
    """Return the status of a submission and its cause from the results of its tests.

    Accepted when every test is; partial when some points were won; otherwise as the first
    failing test. A fault of the grader is never softened to partial.
    """
    failed = [test.status for test in tests if test.status is not Status.ACCEPTED]
    if not failed:
        return Status.ACCEPTED, Status.ACCEPTED
    if Status.INTERNAL_ERROR in failed:
        return Status.INTERNAL_ERROR, Status.INTERNAL_ERROR
    earned = sum(test.points for test in tests)
    return (Status.PARTIAL if earned > 0 else failed[0]), failed[0]
