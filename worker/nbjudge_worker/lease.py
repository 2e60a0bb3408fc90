"""Keeping a lease while grading goes on: one thread renews it and tells what else is due."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from nbjudge_course.errors import Unavailable
from nbjudge_course.submission import Progress
from nbjudge_course.wire import ProgressEvent, WorkerReport

from nbjudge_worker.queue import Lease, Queue, Standing

logger = logging.getLogger(__name__)

TICK_SECONDS = 0.25
RENEW_SECONDS = 0.25
"""Also how long a wish to cancel may take to be seen."""
REPORT_SECONDS = 2.0
PROGRESS_SECONDS = 0.05
"""Progress is told at most so often; what is held back goes out with the next tick."""


class Held:
    """A lease that is being kept, as the grading sees it."""

    def __init__(self, queue: Queue, lease: Lease) -> None:
        self.lease = lease
        self.standing = Standing.CANCELLED if lease.cancelled else Standing.HELD
        self.renewed_at = time.monotonic()
        self._queue = queue
        self._told_at = float("-inf")
        self._untold: Progress | None = None

    def given_up(self) -> bool:
        """Return whether grading has become pointless."""
        return self.standing is not Standing.HELD

    def progress(self, progress: Progress) -> None:
        """Tell how far grading is, now or with a later tick."""
        now = time.monotonic()
        if now - self._told_at < PROGRESS_SECONDS:
            self._untold = progress
            return
        self._told_at, self._untold = now, None
        self._tell(progress)

    def tell_untold(self) -> None:
        """Tell what was held back."""
        progress, self._untold = self._untold, None
        if progress is not None:
            self._tell(progress)

    def _tell(self, progress: Progress) -> None:
        job = self.lease.job
        self._queue.announce(
            ProgressEvent(
                student=job.submission.student,
                submission=job.submission.id,
                attempt=job.attempt,
                progress=progress,
            )
        )


class Keeper:
    """The thread beside the loop. It renews the lease that is held and reports that we live."""

    def __init__(
        self,
        queue: Queue,
        *,
        worker: str,
        sandbox: str,
        lease_seconds: float,
    ) -> None:
        self._queue = queue
        self._worker = worker
        self._sandbox = sandbox
        self._renew_seconds = min(RENEW_SECONDS, lease_seconds / 3)
        self._tick_seconds = min(TICK_SECONDS, self._renew_seconds)
        self._started_at = time.time()
        self._reported_at = float("-inf")
        self._graded = 0
        self._held: Held | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lease", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    @contextmanager
    def hold(self, lease: Lease) -> Iterator[Held]:
        """Keep the lease inside the block."""
        self._held = held = Held(self._queue, lease)
        try:
            yield held
        finally:
            self._held = None
            self._graded += 1

    def _run(self) -> None:
        while not self._stopping.wait(self._tick_seconds):
            try:
                self.tick()
            except Unavailable as error:
                logger.warning("The lease could not be renewed now: %s", error)

    def tick(self) -> None:
        """Do what is due: renew the lease, tell progress that was held back, report."""
        held, now = self._held, time.monotonic()
        if held is not None:
            held.tell_untold()
            if now - held.renewed_at >= self._renew_seconds:
                self._renew(held)
        if now - self._reported_at >= REPORT_SECONDS:
            self._queue.report(self._report(held))
            self._reported_at = now

    def _renew(self, held: Held) -> None:
        if held.standing is Standing.LOST:
            return
        standing = self._queue.renew(held.lease)
        held.renewed_at = time.monotonic()
        if held is self._held and standing is not Standing.HELD:
            logger.info("Submission %s: %s", held.lease.job.submission.id, standing.value)
            held.standing = standing

    def _report(self, held: Held | None) -> WorkerReport:
        return WorkerReport(
            worker=self._worker,
            sandbox=self._sandbox,
            started_at=self._started_at,
            running=None if held is None else held.lease.job.submission.id,
            graded=self._graded,
        )
