"""The live problems: cached in this process, with a pointer in Redis that says what is live.

The cache is used only while the pointer agrees with it, so that after a publication no process
gives a stale statement. Without a pointer the database is asked.
"""

import logging

from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import Problem, Statement
from nbjudge_course.wire import PublishedEvent

from nbjudge_grader_service.queue import Queue
from nbjudge_grader_service.store import Store

logger = logging.getLogger(__name__)


class Problems:
    """What is live, as fast as it can be told rightly."""

    def __init__(self, store: Store, queue: Queue) -> None:
        self._store, self._queue = store, queue
        self._cache: dict[str, Statement] = {}

    async def statement(self, problem: str) -> Statement | None:
        """Return the live version of the problem, or None. Raises Unavailable."""
        cached = self._cache.get(problem)
        if cached is not None and await self._pointer(problem) == stamp(cached):
            return cached
        statement = await self._store.statement(problem)
        if statement is not None:
            self._cache[problem] = statement
            await self._point(statement)
        return statement

    async def statements(self) -> list[Statement]:
        """Return all that is live. Raises Unavailable."""
        return await self._store.statements()

    async def publish(
        self, problem: Problem, *, opens_at: float | None, closes_at: float | None
    ) -> str:
        """Make a version live everywhere and return its digest. Raises Unavailable."""
        await self._store.publish(problem, opens_at=opens_at, closes_at=closes_at)
        await self._queue.put_problem(problem)
        statement = await self._store.statement(problem.id)
        if statement is not None:
            self._cache[problem.id] = statement
            await self._queue.put_current(problem.id, stamp(statement))
        await self._queue.publish(PublishedEvent(problem=problem.id, version=problem.digest))
        return problem.digest

    def forget(self, problem: str) -> None:
        """Another process has published: what is cached here may be old."""
        self._cache.pop(problem, None)

    async def synchronize(self) -> None:
        """Point at what is live, as Redis may have lost or missed it. Raises Unavailable."""
        for statement in await self._store.statements():
            if await self._queue.current(statement.id) != stamp(statement):
                await self._queue.put_current(statement.id, stamp(statement))

    async def supply(self) -> None:
        """Put problems that workers miss back into Redis, for ever."""
        async for version in self._queue.wanted():
            try:
                problem = await self._store.problem(version)
                if problem is not None:
                    await self._queue.put_problem(problem)
            except Unavailable as error:
                logger.warning("Could not supply the problem %s: %s", version, error)

    async def _pointer(self, problem: str) -> str | None:
        try:
            return await self._queue.current(problem)
        except Unavailable:
            return None

    async def _point(self, statement: Statement) -> None:
        try:
            await self._queue.put_current(statement.id, stamp(statement))
        except Unavailable as error:
            logger.warning("Could not note what is live: %s", error)


def stamp(statement: Statement) -> str:
    """Return a name for this version with its times."""
    return f"{statement.version}/{statement.opens_at}/{statement.closes_at}"
