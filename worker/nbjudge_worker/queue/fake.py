"""The queue in memory, for workers of one process, on a clock that a test can move."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count

from nbjudge_course.problem import Problem
from nbjudge_course.verdict import Verdict
from nbjudge_course.wire import Job, ProgressEvent, Result, WorkerReport

from nbjudge_worker.queue.port import DELIVERY_LIMIT, Finished, Lease, Standing, given_up


@dataclass
class _Pending:
    """A job that someone has taken."""

    job: Job
    owner: str
    taken_at: float
    deliveries: int


@dataclass
class FakeBroker:
    """What all workers share: the state that is Redis' in the real queue."""

    clock: Callable[[], float] = time.monotonic
    waiting: deque[tuple[str, Job]] = field(default_factory=deque)
    pending: dict[str, _Pending] = field(default_factory=dict)
    results: list[Result] = field(default_factory=list)
    dead: list[Job] = field(default_factory=list)
    cancelled: set[str] = field(default_factory=set)
    problems: dict[str, Problem] = field(default_factory=dict)
    wanted: list[str] = field(default_factory=list)
    announced: list[ProgressEvent] = field(default_factory=list)
    reports: dict[str, WorkerReport] = field(default_factory=dict)
    arrived: threading.Condition = field(default_factory=threading.Condition)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def put(self, job: Job) -> None:
        """Add a job, as the service would."""
        with self.arrived:
            self.waiting.append((str(next(self.numbers)), job))
            self.arrived.notify()


class FakeQueue:
    """Keeps the promises of the port for one worker of the broker."""

    def __init__(self, broker: FakeBroker, *, worker: str, lease_seconds: float = 10.0) -> None:
        self._broker = broker
        self._worker = worker
        self._lease_seconds = lease_seconds

    def take(self, block_seconds: float) -> Lease | None:
        """Take a lapsed job, else a new one, else wait."""
        broker = self._broker
        with broker.arrived:
            lease = self._lapsed() or self._new()
            if lease is None and block_seconds > 0:
                broker.arrived.wait(block_seconds)
                lease = self._lapsed() or self._new()
        return lease

    def _lapsed(self) -> Lease | None:
        horizon = self._broker.clock() - self._lease_seconds
        for entry, pending in list(self._broker.pending.items()):
            if pending.taken_at > horizon:
                continue
            pending.owner, pending.taken_at = self._worker, self._broker.clock()
            pending.deliveries += 1
            if pending.deliveries <= DELIVERY_LIMIT:
                return self._lease(entry)
            del self._broker.pending[entry]
            self._broker.dead.append(pending.job)
            self._add_result(pending.job, given_up(DELIVERY_LIMIT))
        return None

    def _new(self) -> Lease | None:
        if not self._broker.waiting:
            return None
        entry, job = self._broker.waiting.popleft()
        self._broker.pending[entry] = _Pending(job, self._worker, self._broker.clock(), 1)
        return self._lease(entry)

    def _lease(self, entry: str) -> Lease:
        pending = self._broker.pending[entry]
        cancelled = pending.job.submission.id in self._broker.cancelled
        return Lease(entry, pending.job, pending.deliveries, cancelled)

    def renew(self, lease: Lease) -> Standing:
        """Keep the lease."""
        pending = self._mine(lease)
        if pending is None:
            return Standing.LOST
        pending.taken_at = self._broker.clock()
        cancelled = lease.job.submission.id in self._broker.cancelled
        return Standing.CANCELLED if cancelled else Standing.HELD

    def finish(self, lease: Lease, verdict: Verdict, *, take_next: bool) -> Finished:
        """Report, if the lease is still this worker's."""
        with self._broker.arrived:
            recorded = self._mine(lease) is not None
            if recorded:
                del self._broker.pending[lease.entry]
                self._add_result(lease.job, verdict)
            return Finished(recorded, self._new() if take_next else None)

    def release(self, lease: Lease, *, pause_seconds: float, blame: bool) -> None:
        """Let the lease lapse after the pause."""
        pending = self._mine(lease)
        if pending is not None:
            pending.taken_at = self._broker.clock() - self._lease_seconds + pause_seconds
            pending.deliveries -= not blame

    def _mine(self, lease: Lease) -> _Pending | None:
        pending = self._broker.pending.get(lease.entry)
        return pending if pending is not None and pending.owner == self._worker else None

    def _add_result(self, job: Job, verdict: Verdict) -> None:
        result = Result(
            submission=job.submission.id, attempt=job.attempt, worker=self._worker, verdict=verdict
        )
        self._broker.results.append(result)

    def announce(self, event: ProgressEvent) -> None:
        """Note the event."""
        self._broker.announced.append(event)

    def problem(self, version: str) -> Problem | None:
        """Return the problem from the broker's cache."""
        return self._broker.problems.get(version)

    def want(self, version: str) -> None:
        """Note the wish."""
        self._broker.wanted.append(version)

    def report(self, report: WorkerReport) -> None:
        """Note the report."""
        self._broker.reports[report.worker] = report

    def leave(self) -> None:
        """Take the report back."""
        self._broker.reports.pop(self._worker, None)

    def close(self) -> None:
        """Nothing is open."""
