"""The live problems: cached in this process, under a mark in Redis that each publication changes.

A statement is kept with the mark that was read before the database was. Publishing writes the
database first and then a new mark. So a statement whose mark still stands is at least as new as
the last publication that has returned, whichever process did it. Without a mark the database is
asked. Should a publication fail between its two writes, an old statement lives on for
`MAX_AGE_SECONDS` at most.
"""

import asyncio
import logging
import secrets
import time

import msgspec
from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import Problem, Statement
from nbjudge_course.terms import Terms
from nbjudge_course.wire import PublishedEvent

from nbjudge_grader_service.queue import Queue
from nbjudge_grader_service.store import Store

logger = logging.getLogger(__name__)

MAX_AGE_SECONDS = 10.0
_PATIENCE_SECONDS = 0.5
"""Redis may take so long; then the database is asked instead."""


class _Cached(msgspec.Struct, frozen=True):
    mark: str
    read_at: float
    statement: Statement


class Problems:
    """What is live, as fast as it can be told rightly."""

    def __init__(self, store: Store, queue: Queue) -> None:
        self._store, self._queue = store, queue
        self._cache: dict[str, _Cached] = {}
        self._unannounced: dict[str, str] = {}
        self._deaf_until = float("-inf")

    async def statement(self, problem: str) -> Statement | None:
        """Return the live version of the problem, or None. Raises Unavailable."""
        mark, now = await self._mark(problem), time.monotonic()
        cached = self._cache.get(problem)
        if cached and cached.mark == mark and now - cached.read_at < MAX_AGE_SECONDS:
            return cached.statement
        statement = await self._store.statement(problem)
        if statement is not None and mark is not None:
            self._cache[problem] = _Cached(mark, now, statement)
        elif statement is not None and now >= self._deaf_until:
            await self._mark_anew(statement)
        return statement

    async def statements(self) -> list[Statement]:
        """Return all that is live. Raises Unavailable."""
        return await self._store.statements()

    async def publish(self, problem: Problem, terms: Terms) -> str:
        """Make a version live everywhere and return its digest.

        Raises Unavailable; it may be live already then, and publishing it again is right.
        """
        version = problem.digest
        await self._store.publish(problem, terms)
        self._unannounced[problem.id] = version
        await self._queue.put_problem(problem)
        await self._announce(problem.id, version)
        return version

    def forget(self, problem: str) -> None:
        """Another process has published: what is cached here may be old."""
        self._cache.pop(problem, None)

    async def synchronize(self) -> None:
        """Announce what could not be announced when it was published. Raises Unavailable."""
        for problem, version in list(self._unannounced.items()):
            await self._announce(problem, version)

    async def supply(self) -> None:
        """Put problems that workers miss back into Redis, for ever."""
        async for version in self._queue.wanted():
            try:
                problem = await self._store.problem(version)
                if problem is not None:
                    await self._queue.put_problem(problem)
            except Unavailable as error:
                logger.warning("Could not supply the problem %s: %s", version, error)

    async def _announce(self, problem: str, version: str) -> None:
        await self._queue.put_current(problem, _new_mark(version))
        await self._queue.publish(PublishedEvent(problem=problem, version=version))
        if self._unannounced.get(problem) == version:
            del self._unannounced[problem]

    async def _mark(self, problem: str) -> str | None:
        if time.monotonic() < self._deaf_until:
            return None
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await self._queue.current(problem)
        except (Unavailable, TimeoutError):
            self._deaf_until = time.monotonic() + 2 * _PATIENCE_SECONDS
            return None

    async def _mark_anew(self, statement: Statement) -> None:
        """Redis has lost the mark. Any new one is right, as nothing is cached under it yet."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                await self._queue.put_current(statement.id, _new_mark(statement.version))
        except (Unavailable, TimeoutError) as error:
            logger.warning("Could not mark what is live: %s", error)


def _new_mark(version: str) -> str:
    return f"{version}/{secrets.token_hex(8)}"
