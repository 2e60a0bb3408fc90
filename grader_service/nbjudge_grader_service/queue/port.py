"""The port between the service and the queue; every method may raise Unavailable."""

from collections.abc import AsyncIterator, Collection, Sequence
from typing import NewType, Protocol

import msgspec
from nbjudge_course.problem import Problem
from nbjudge_course.wire import Event, Job, Result, WorkerReport

EntryId = NewType("EntryId", str)
"""The name of one result in the queue, to be given back to `done`."""


class Resync(msgspec.Struct, frozen=True):
    """Events may have been missed: look into the database for what has changed."""


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A job that was given up after too many deliveries."""

    submission: str
    at: float
    """Seconds since 1970, UTC."""
    reason: str
    job: Job | None
    """None when not even the job could be read."""


class Load(msgspec.Struct, frozen=True, kw_only=True):
    """How much is in the queue."""

    waiting: int
    running: int
    oldest_waiting_seconds: float | None
    """How long the next job has waited; None when none waits."""
    dead: int
    """Jobs that were given up; the queue forgets the oldest when there are very many."""


class Queue(Protocol):
    """A bounded window onto the workers. The database is the truth; the queue may be lost."""

    async def enqueue(self, job: Job) -> bool:
        """Hand one attempt to the workers. False when this attempt, or a later one, already was.

        It may be repeated without harm, so a caller that met Unavailable just calls again.
        """
        ...

    async def forget(self, submission: str) -> None:
        """Let `enqueue` hand over anew what it handed over before: the queue has lost it."""
        ...

    async def results(self, limit: int, block_seconds: float) -> list[tuple[EntryId, Result]]:
        """Wait for results and return up to `limit` of them, those that others left behind first.

        Each comes again, here or in another service process, until it is `done`.
        """
        ...

    async def done(self, entries: Sequence[EntryId], events: Sequence[Event] = ()) -> None:
        """Forget results that stand in the database, and publish the events, in one round trip."""
        ...

    async def known(self, submissions: Collection[str]) -> set[str]:
        """Return which of the submissions wait, run, or have a result that is not yet done."""
        ...

    async def positions(self) -> dict[str, int]:
        """Return the place of every submission that no worker has taken yet; 0 is next."""
        ...

    async def length(self) -> int:
        """Return how many jobs wait or run."""
        ...

    async def load(self) -> Load:
        """Return how much is in the queue."""
        ...

    async def workers(self) -> list[WorkerReport]:
        """Return the workers that live."""
        ...

    async def dead(self, limit: int = 100) -> list[DeadLetter]:
        """Return the jobs that were given up, the newest first.

        Each has also come as a result whose verdict is internal_error.
        """
        ...

    async def cancel(self, submission: str) -> None:
        """Tell the worker that has the submission to give it up; if none has, let none take it.

        The wish may be lost with the queue: that it is cancelled stands in the database already.
        """
        ...

    async def begun(self, submission: str) -> bool:
        """Tell whether a worker has taken the submission, or has graded it already."""
        ...

    async def publish(self, event: Event) -> None:
        """Tell every service process."""
        ...

    def events(self) -> AsyncIterator[Event | Resync]:
        """Yield events for ever; Resync first, and again after every loss of the connection."""
        ...

    async def put_problem(self, problem: Problem) -> None:
        """Keep the problem where the workers find it by its digest."""
        ...

    async def put_current(self, problem: str, version: str) -> None:
        """Note which version of the problem is live."""
        ...

    async def current(self, problem: str) -> str | None:
        """Return the digest of the live version, or None when the queue does not know it."""
        ...

    def wanted(self) -> AsyncIterator[str]:
        """Yield, for ever, the digests of problems that a worker misses."""
        ...

    async def close(self) -> None:
        """Close all connections."""
        ...
