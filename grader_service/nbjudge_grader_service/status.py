"""The status of the whole, for instructors: only connections are those of the process asked."""

import math
import time
from collections.abc import Sequence
from importlib.metadata import version

from nbjudge_course.errors import Unavailable
from nbjudge_course.service_status import Pace, QueueStatus, ServiceStatus
from nbjudge_course.verdict import Status
from nbjudge_course.wire import WorkerReport

from nbjudge_grader_service.observation import Observation, observe
from nbjudge_grader_service.queue import Load, Queue
from nbjudge_grader_service.store import Graded, Store

WINDOW_SECONDS = 300.0
"""Waiting times are told of the verdicts of so long."""
_MINUTE_SECONDS = 60.0


async def status_of(store: Store, queue: Queue, connections: int) -> ServiceStatus:
    """Ask all parts how they do; those that do not answer are named."""
    seen = await observe(store, queue)
    now = time.time()
    pace = None
    if seen.open is not None:
        try:
            pace = pace_of(await store.graded_since(now - WINDOW_SECONDS), seen.open, now)
        except Unavailable:  # it has just gone
            pace = None
    return ServiceStatus(
        at=now,
        version=version("nbjudge-grader-service"),
        connections=connections,
        queue=None if seen.load is None else _queue(seen.load),
        workers=_by_name(seen),
        pace=pace,
        faults=seen.faults,
    )


def pace_of(graded: Sequence[Graded], open_: int, now: float) -> Pace:
    """Return how grading goes, from the verdicts of the last WINDOW_SECONDS."""
    waits = sorted(one.waited_seconds for one in graded if one.waited_seconds is not None)
    return Pace(
        open=open_,
        verdicts_last_minute=sum(one.at > now - _MINUTE_SECONDS for one in graded),
        internal_errors=sum(one.status is Status.INTERNAL_ERROR for one in graded),
        window_seconds=WINDOW_SECONDS,
        wait_p50_seconds=_percentile(waits, 0.50),
        wait_p95_seconds=_percentile(waits, 0.95),
    )


def _percentile(ordered: Sequence[float], share: float) -> float | None:
    """Return the value that `share` of all do not exceed."""
    if not ordered:
        return None
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _queue(load: Load) -> QueueStatus:
    return QueueStatus(
        waiting=load.waiting,
        running=load.running,
        oldest_waiting_seconds=load.oldest_waiting_seconds,
        dead=load.dead,
    )


def _by_name(seen: Observation) -> tuple[WorkerReport, ...] | None:
    if seen.workers is None:
        return None
    return tuple(sorted(seen.workers, key=lambda one: one.worker))
