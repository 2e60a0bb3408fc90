"""The loop of a worker: take one job, grade it, report the verdict, take the next.

A verdict is a value. Whatever else goes wrong while grading becomes internal_error here and
nowhere else, except where a part does not answer now: then the job goes back to the queue.
"""

import logging
import time
from collections.abc import Callable

from nbjudge_course.errors import Unavailable
from nbjudge_course.verdict import Status, Verdict, as_told

from nbjudge_worker.grade import Grader
from nbjudge_worker.lease import Held, Keeper
from nbjudge_worker.problems import Problems
from nbjudge_worker.queue import Finished, Lease, Queue, Standing

logger = logging.getLogger(__name__)

BLOCK_SECONDS = 1.0
"""Also how long an idle worker may take to notice that it shall stop."""
PAUSE_SECONDS = (0.05, 1.0)
"""The first and the longest pause while the queue does not answer."""
REPORT_PATIENCE_SECONDS = 30.0
"""How long a verdict is kept for a queue that does not answer, before the job is left to lapse."""
RELEASE_PAUSE_SECONDS = 1.0
FAULT_MESSAGE = "The grader failed. This is not your code's fault; please submit again."


class Loop:
    """One worker, one job at a time."""

    def __init__(
        self,
        queue: Queue,
        grader: Grader,
        problems: Problems,
        keeper: Keeper,
        *,
        block_seconds: float = BLOCK_SECONDS,
        release_pause_seconds: float = RELEASE_PAUSE_SECONDS,
        rest: Callable[[], None] = lambda: None,
    ) -> None:
        """`rest` is called when a verdict has been reported, for what can wait until then."""
        self._queue = queue
        self._grader = grader
        self._problems = problems
        self._keeper = keeper
        self._block_seconds = block_seconds
        self._release_pause_seconds = release_pause_seconds
        self._rest = rest
        self._stopping = False

    def stop(self) -> None:
        """Finish the running job and return from `run`. Safe in a signal handler."""
        self._stopping = True

    def run(self) -> None:
        """Work until `stop`."""
        lease: Lease | None = None
        pause, longest = PAUSE_SECONDS
        while lease or not self._stopping:
            try:
                lease = lease or self._queue.take(self._block_seconds)
                if lease is not None:
                    lease = self._work(lease)
                    self._rest()
                pause = PAUSE_SECONDS[0]
            except Unavailable as error:
                logger.warning("Work pauses for %.2f s: %s", pause, error)
                lease = None
                time.sleep(pause)
                pause = min(2 * pause, longest)

    def _work(self, lease: Lease) -> Lease | None:
        """Bring one job to its end. Return the next one if it came along."""
        with self._keeper.hold(lease) as held:
            verdict = self._verdict(held)
        if verdict is None:
            return None
        finished = self._report(lease, verdict)
        if not finished.recorded:
            logger.warning("Submission %s went to another worker", lease.job.submission.id)
        return finished.next

    def _verdict(self, held: Held) -> Verdict | None:
        """Grade, or return None when the job is no longer, or not now, this worker's to finish."""
        submission = held.lease.job.submission
        try:
            problem = self._problems.get(submission.version)
        except Unavailable as error:
            self._give_back(held.lease, error, blame=False)
            return None
        try:
            if held.given_up():
                verdict = _verdict(Status.CANCELLED, problem.points)
            else:
                verdict = as_told(
                    self._grader.grade(
                        problem,
                        submission.source,
                        submission.language,
                        progress=held.progress,
                        cancelled=held.given_up,
                    )
                )
        except Unavailable as error:
            self._give_back(held.lease, error, blame=True)
            return None
        except Exception:
            logger.exception("Submission %s: a fault of the grader", submission.id)
            verdict = _verdict(Status.INTERNAL_ERROR, problem.points)
        return None if held.standing is Standing.LOST else verdict

    def _give_back(self, lease: Lease, error: Unavailable, *, blame: bool) -> None:
        logger.warning("Submission %s is given back: %s", lease.job.submission.id, error)
        self._queue.release(lease, pause_seconds=self._release_pause_seconds, blame=blame)

    def _report(self, lease: Lease, verdict: Verdict) -> Finished:
        """Report the verdict, with patience for a queue that is just restarting."""
        deadline = time.monotonic() + REPORT_PATIENCE_SECONDS
        pause, longest = PAUSE_SECONDS
        while True:
            try:
                return self._queue.finish(lease, verdict, take_next=not self._stopping)
            except Unavailable as error:
                if time.monotonic() > deadline:
                    raise
                logger.warning("The verdict waits for %.2f s: %s", pause, error)
                time.sleep(pause)
                pause = min(2 * pause, longest)


def _verdict(status: Status, max_points: float) -> Verdict:
    message = FAULT_MESSAGE if status is Status.INTERNAL_ERROR else ""
    return Verdict(status=status, cause=status, points=0, max_points=max_points, message=message)
