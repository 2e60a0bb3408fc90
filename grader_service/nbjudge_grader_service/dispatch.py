"""From the database to the queue: a few jobs of each student at a time, in the order they came.

So nobody waits behind another's backlog. The window, how many, is no more than keeps the workers
busy: a newcomer waits behind each that waits in the queue.

What is forgotten here (a process ended, Redis lost its data) the reconciler finds again: whatever
is open in the database and unknown to the queue.
"""

import asyncio
import logging
import math
from collections import Counter, defaultdict, deque

from nbjudge_course.errors import Unavailable
from nbjudge_course.wire import Job

from nbjudge_grader_service.queue import Queue
from nbjudge_grader_service.store import Store

logger = logging.getLogger(__name__)

_PAGE = 1000
RECONCILE_SECONDS = 5.0
LEAST_WINDOW = 2
"""While one is graded its successor is at hand."""


def fair_window(workers: int, students: int) -> int:
    """Return how many submissions each of so many students may have in the queue."""
    return max(LEAST_WINDOW, math.ceil(workers / max(1, students)))


class Dispatcher:
    """Feeds the queue."""

    def __init__(self, store: Store, queue: Queue, window: int | None = None) -> None:
        """Without a window of its own it follows the number of workers."""
        self._store, self._queue, self._fixed_window = store, queue, window
        self._workers = 0
        self._waiting: dict[str, deque[Job]] = defaultdict(deque)
        self._sent: dict[str, set[str]] = defaultdict(set)
        self._feeding: set[str] = set()
        self._refused: Counter[str] = Counter()

    async def offer(self, job: Job) -> None:
        """Take a job over. It comes to the queue when it is its turn."""
        student = job.submission.student
        held = {waiting.submission.id for waiting in self._waiting[student]}
        if job.submission.id not in held | self._sent[student]:
            self._waiting[student].append(job)
        await self._feed(student)

    async def withdraw(self, student: str, submission: str) -> None:
        """Hand a job over no more, and make room for the next: the student gave it up."""
        waiting = self._waiting[student]
        for job in [job for job in waiting if job.submission.id == submission]:
            waiting.remove(job)
        self._sent[student].discard(submission)
        await self._feed(student)

    async def ring(self, student: str) -> None:
        """A submission of this student has changed: there may be room for the next."""
        sent = frozenset(self._sent.get(student, ()))
        if not sent:
            return
        try:
            known = await self._queue.known(sent)
        except Unavailable as error:
            logger.warning("Could not look into the queue: %s", error)
            return
        self._sent[student] -= sent - known
        await self._feed(student)

    async def reconcile(self) -> None:
        """Find every open submission that the queue does not know. Raises Unavailable."""
        self._workers = len(await self._queue.workers())
        after: float | None = None
        held = {student: frozenset(sent) for student, sent in self._sent.items()}
        waited = [job for jobs in self._waiting.values() for job in jobs]
        seen: set[str] = set()
        while True:
            jobs = await self._store.open_jobs(_PAGE, after)
            known = await self._queue.known([job.submission.id for job in jobs])
            for job in jobs:
                await self._reconcile_job(job, known)
            seen.update(job.submission.id for job in jobs)
            if len(jobs) < _PAGE:
                break
            after = jobs[-1].submission.submitted_at
        self._refused = Counter({one: n for one, n in self._refused.items() if one in seen})
        for job in waited:  # what another process has taken back
            if job.submission.id not in seen:
                await self.withdraw(job.submission.student, job.submission.id)
        self._forget({student: sent - seen for student, sent in held.items()})

    async def run(self) -> None:
        """Reconcile at the start and every few seconds, for ever."""
        while True:
            try:
                await self.reconcile()
            except Unavailable as error:
                logger.warning("Could not reconcile: %s", error)
            await asyncio.sleep(RECONCILE_SECONDS)

    async def _reconcile_job(self, job: Job, known: set[str]) -> None:
        student, submission = job.submission.student, job.submission.id
        if submission in known:
            self._sent[student].add(submission)
        else:
            self._sent[student].discard(submission)
            await self._free(submission)
            await self.offer(job)

    async def _free(self, submission: str) -> None:
        """Let it be queued anew if the queue has lost it but remembers to have had it.

        Its result may have been unreadable, or the database is back from an older copy. Tried at
        the 2nd, 4th, 8th, ... time, as what cannot be read once will hardly be so at the next.
        """
        times = self._refused[submission]
        if times >= 2 and times & (times - 1) == 0:
            logger.error("The queue has lost %s, it is graded again", submission)
            await self._queue.forget(submission)
            self._refused[submission] += 1

    def _forget(self, over: dict[str, frozenset[str]]) -> None:
        """Drop what has its verdict, of what was there when the database was asked."""
        for student, submissions in over.items():
            self._sent[student] -= submissions
        for student in [one for one, sent in self._sent.items() if not sent]:
            if not self._waiting[student] and student not in self._feeding:
                del self._sent[student], self._waiting[student]

    async def _feed(self, student: str) -> None:
        """Fill the student's window. One at a time does it, so that the order is kept."""
        if student in self._feeding:
            return
        self._feeding.add(student)
        try:
            await self._feed_in_order(self._waiting[student], self._sent[student])
        except Unavailable as error:
            logger.warning("Could not hand over a job, it is tried again: %s", error)
        finally:
            self._feeding.discard(student)

    def _window(self) -> int:
        if self._fixed_window is not None:
            return self._fixed_window
        return fair_window(self._workers, students=len(self._sent))

    async def _feed_in_order(self, waiting: deque[Job], sent: set[str]) -> None:
        while waiting and len(sent) < self._window():
            job = waiting[0]
            sent.add(job.submission.id)
            try:
                handed = await self._queue.enqueue(job)
            except Unavailable:
                sent.discard(job.submission.id)
                raise
            if waiting and waiting[0] is job:  # else it was withdrawn meanwhile
                waiting.popleft()
            if not handed:  # another process was first; if it is still there, that is seen soon
                sent.discard(job.submission.id)
                self._refused[job.submission.id] += 1
