"""How a service is doing, as instructors are told: its queue, its workers, how fast it grades."""

import msgspec

from nbjudge_course.wire import WorkerReport


class QueueStatus(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is with the workers, or about to be."""

    waiting: int
    running: int
    oldest_waiting_seconds: float | None
    """How long the next job has waited; null when none waits."""
    dead: int
    """Jobs that were given up and can be looked at."""


class Pace(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How grading goes, of all processes of the service together."""

    open: int
    """Submissions without a verdict; those beyond a student's window are not with the workers."""
    verdicts_last_minute: int
    internal_errors: int
    """Of the verdicts that were written within `window_seconds`."""
    window_seconds: float
    wait_p50_seconds: float | None
    """From 202 to the verdict, of those; null when there were none."""
    wait_p95_seconds: float | None


class ServiceStatus(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the service is doing now. What does not answer is null, and named in `faults`."""

    at: float
    """Seconds since 1970, UTC."""
    version: str
    connections: int
    """Live connections of students to the process that was asked."""
    queue: QueueStatus | None
    workers: tuple[WorkerReport, ...] | None
    pace: Pace | None
    faults: tuple[str, ...] = ()
