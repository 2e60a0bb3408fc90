"""The port between a worker and the queue; every method may raise Unavailable."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from nbjudge_course.problem import Problem
from nbjudge_course.verdict import Status, Verdict
from nbjudge_course.wire import Job, ProgressEvent, WorkerReport

DELIVERY_LIMIT = 4
"""A job that was taken so often, and never finished, is given up."""


@dataclass(frozen=True)
class Lease:
    """The right to grade one job, until it lapses or another takes it over."""

    entry: str
    """The name of the job in the queue."""
    job: Job
    deliveries: int
    """How often the job was taken, this time included."""
    cancelled: bool = False
    """The student no longer wants it."""


class Standing(Enum):
    """What has become of a lease."""

    HELD = "held"
    LOST = "lost"
    """Another worker has the job, or the queue has forgotten it: give the grading up."""
    CANCELLED = "cancelled"
    """The student no longer wants it; report that."""


@dataclass(frozen=True)
class Finished:
    """What came of reporting a verdict."""

    recorded: bool
    """False when the lease was lost: the verdict was thrown away."""
    next: Lease | None = None


class Queue(Protocol):
    """Where jobs come from and verdicts go. One worker, one queue.

    `renew`, `report` and `announce` may be called from a second thread, the others not.
    """

    def take(self, block_seconds: float) -> Lease | None:
        """Wait for a job and take it, one whose lease has lapsed first. None when none came.

        A job that was delivered too often becomes a dead letter and a result internal_error
        here, and is not returned.
        """
        ...

    def renew(self, lease: Lease) -> Standing:
        """Keep the lease for another while, unless it is lost."""
        ...

    def finish(self, lease: Lease, verdict: Verdict, *, take_next: bool) -> Finished:
        """Report the verdict and end the lease in one step; nothing happens if it is lost.

        With `take_next` a job that waits is taken in the same round trip. It may be repeated
        without harm by a caller that met Unavailable.
        """
        ...

    def release(self, lease: Lease, *, pause_seconds: float, blame: bool) -> None:
        """Give the job back, to be taken by anyone after the pause.

        Without `blame` this delivery does not count towards the limit.
        """
        ...

    def announce(self, event: ProgressEvent) -> None:
        """Tell how far grading is, without waiting and without a promise. Never raises."""
        ...

    def problem(self, version: str) -> Problem | None:
        """Return the problem with this digest from the cache."""
        ...

    def want(self, version: str) -> None:
        """Ask the service to put the problem into the cache."""
        ...

    def report(self, report: WorkerReport) -> None:
        """Tell that this worker lives."""
        ...

    def leave(self) -> None:
        """Take leave, holding no lease."""
        ...

    def close(self) -> None:
        """Close all connections."""
        ...


def given_up(deliveries: int) -> Verdict:
    """Return the verdict of a job that was taken too often and never finished."""
    return Verdict(
        status=Status.INTERNAL_ERROR,
        cause=Status.INTERNAL_ERROR,
        points=0,
        max_points=0,
        message=f"The grader gave up after {deliveries} attempts. This is not your code's fault; "
        "your instructor can see it.",
    )
