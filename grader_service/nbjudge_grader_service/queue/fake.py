"""The queue in memory, with the two or three levers that a test needs to play the worker."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Collection, Sequence
from itertools import count

from nbjudge_course.problem import Problem
from nbjudge_course.wire import Event, Job, Result, WorkerReport

from nbjudge_grader_service.queue.port import DeadLetter, EntryId, Load, Resync


class FakeQueue:
    """Keeps the promises of the port inside one event loop."""

    def __init__(self, *, stale_seconds: float = 2.0) -> None:
        self.problems: dict[str, Problem] = {}
        self.cancelled: set[str] = set()
        self._stale_seconds = stale_seconds
        self._numbers = count(1)
        self._waiting: deque[Job] = deque()
        self._came_at: dict[str, float] = {}
        self._running: dict[str, Job] = {}
        self._attempts: dict[str, int] = {}
        self._results: dict[EntryId, tuple[Result, float]] = {}
        self._arrived = asyncio.Event()
        self._current: dict[str, str] = {}
        self._workers: dict[str, WorkerReport] = {}
        self._dead: list[DeadLetter] = []
        self._listeners: list[asyncio.Queue[Event | Resync]] = []
        self._askers: list[asyncio.Queue[str]] = []

    # ---- levers: what workers do
    def take(self) -> Job | None:
        """Take the next job, as a worker would."""
        if not self._waiting:
            return None
        job = self._waiting.popleft()
        self._running[job.submission.id] = job
        self._came_at.pop(job.submission.id, None)
        return job

    def report(self, result: Result) -> None:
        """Report a result, as a worker would."""
        self._running.pop(result.submission, None)
        self._results[EntryId(str(next(self._numbers)))] = (result, 0.0)
        self._arrived.set()

    def bury(self, result: Result, reason: str) -> None:
        """Give a taken job up, as a worker would after too many deliveries."""
        job = self._running.get(result.submission)
        letter = DeadLetter(submission=result.submission, at=time.time(), reason=reason, job=job)
        self._dead.insert(0, letter)
        self.report(result)

    def beat(self, report: WorkerReport) -> None:
        """Tell that a worker lives."""
        self._workers[report.worker] = report

    def miss(self, version: str) -> None:
        """Ask for a problem, as a worker would."""
        for asker in self._askers:
            asker.put_nowait(version)

    def wipe(self) -> None:
        """Lose everything, as a memory-only server would at a restart."""
        self._waiting.clear()
        for memory in (self._running, self._attempts, self._results, self._workers):
            memory.clear()
        for cache in (self._current, self.problems):
            cache.clear()
        self.cancelled.clear()
        self._dead.clear()
        self.reconnect()

    def reconnect(self) -> None:
        """Let every listener have lost its connection for a moment."""
        for listener in self._listeners:
            listener.put_nowait(Resync())

    # ---- the port
    async def enqueue(self, job: Job) -> bool:
        """Hand one attempt to the workers."""
        if self._attempts.get(job.submission.id, -1) >= job.attempt:
            return False
        self._attempts[job.submission.id] = job.attempt
        self._waiting.append(job)
        self._came_at[job.submission.id] = time.monotonic()
        return True

    async def forget(self, submission: str) -> None:
        """Let the submission be handed over anew."""
        self._attempts.pop(submission, None)

    async def results(self, limit: int, block_seconds: float) -> list[tuple[EntryId, Result]]:
        """Wait for results that nobody has, or has had for too long."""
        deadline = time.monotonic() + block_seconds
        while not (ready := self._ready(limit)):
            self._arrived.clear()
            left = deadline - time.monotonic()
            if left <= 0:
                return []
            try:
                await asyncio.wait_for(self._arrived.wait(), min(left, self._stale_seconds))
            except TimeoutError:
                continue
        return ready

    def _ready(self, limit: int) -> list[tuple[EntryId, Result]]:
        now = time.monotonic()
        ready = [(entry, result) for entry, (result, free) in self._results.items() if free <= now]
        for entry, result in ready[:limit]:
            self._results[entry] = (result, now + self._stale_seconds)
        return ready[:limit]

    async def done(self, entries: Sequence[EntryId], events: Sequence[Event] = ()) -> None:
        """Forget the results and publish the events."""
        for entry in entries:
            self._results.pop(entry, None)
        for event in events:
            await self.publish(event)

    async def known(self, submissions: Collection[str]) -> set[str]:
        """Return which of the submissions are anywhere in the queue."""
        here = {job.submission.id for job in self._waiting} | set(self._running)
        here |= {result.submission for result, _ in self._results.values()}
        return here & set(submissions)

    async def positions(self) -> dict[str, int]:
        """Return the place of everyone who waits."""
        return {job.submission.id: place for place, job in enumerate(self._waiting)}

    async def length(self) -> int:
        """Return how many jobs wait or run."""
        return len(self._waiting) + len(self._running)

    async def load(self) -> Load:
        """Return how much is in the queue."""
        oldest = None
        if self._waiting:
            oldest = time.monotonic() - self._came_at[self._waiting[0].submission.id]
        return Load(
            waiting=len(self._waiting),
            running=len(self._running),
            oldest_waiting_seconds=oldest,
            dead=len(self._dead),
        )

    async def workers(self) -> list[WorkerReport]:
        """Return the workers that have beaten."""
        return list(self._workers.values())

    async def dead(self, limit: int = 100) -> list[DeadLetter]:
        """Return the jobs that were given up."""
        return self._dead[:limit]

    async def cancel(self, submission: str) -> None:
        """Note the wish; `cancelled` shows it to the test's worker. Take back what waits."""
        self.cancelled.add(submission)
        for job in [job for job in self._waiting if job.submission.id == submission]:
            self._waiting.remove(job)

    async def begun(self, submission: str) -> bool:
        """Tell whether it was handed over and does not wait."""
        waiting = {job.submission.id for job in self._waiting}
        return submission in self._attempts and submission not in waiting

    async def publish(self, event: Event) -> None:
        """Tell every listener."""
        for listener in self._listeners:
            listener.put_nowait(event)

    async def events(self) -> AsyncIterator[Event | Resync]:
        """Yield Resync, then events for ever."""
        listener: asyncio.Queue[Event | Resync] = asyncio.Queue()
        listener.put_nowait(Resync())
        self._listeners.append(listener)
        try:
            while True:
                yield await listener.get()
        finally:
            self._listeners.remove(listener)

    async def put_problem(self, problem: Problem) -> None:
        """Keep the problem."""
        self.problems[problem.digest] = problem

    async def put_current(self, problem: str, version: str) -> None:
        """Note the live version."""
        self._current[problem] = version

    async def current(self, problem: str) -> str | None:
        """Return the live version."""
        return self._current.get(problem)

    async def wanted(self) -> AsyncIterator[str]:
        """Yield the digests that are missed."""
        asker: asyncio.Queue[str] = asyncio.Queue()
        self._askers.append(asker)
        try:
            while True:
                yield await asker.get()
        finally:
            self._askers.remove(asker)

    async def close(self) -> None:
        """Nothing is open."""
