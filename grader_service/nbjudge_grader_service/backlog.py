"""How long the queue is, and how fast it empties: for admission, which must not wait for Redis."""

import asyncio
import logging
import time
from collections.abc import Callable

from nbjudge_course.errors import Unavailable

from nbjudge_grader_service.queue import Queue
from nbjudge_grader_service.store import Store

logger = logging.getLogger(__name__)

_FRESH_SECONDS = 0.2
_PATIENCE_SECONDS = 0.5
LOOK_SECONDS = 2.0
_MEMORY_SECONDS = 30.0
_UNKNOWN_WAIT_SECONDS = 60.0
_LEAST_WAIT_SECONDS, _MOST_WAIT_SECONDS = 5.0, 600.0
_ROOM = 0.1
"""Who is sent away comes back when this share of a full queue is free again."""


class Backlog:
    """What is known of the queue's length, and of the pace while something waits in it."""

    def __init__(self, queue: Queue, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._queue, self._store, self._clock = queue, store, clock
        self._length = 0
        self._asked_at = float("-inf")
        self._busy_since: float | None = None
        self._pace = 0.0
        """Verdicts a second, of all workers together; 0 while it is not known."""

    async def length(self) -> int:
        """Return how many jobs wait or run. While Redis is away: 0, as the database takes them."""
        now = time.monotonic()
        if now - self._asked_at < _FRESH_SECONDS:
            return self._length
        self._asked_at = now  # before the wait: others are not to wait for the same answer
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                self._length = await self._queue.length()
        except (Unavailable, TimeoutError):
            self._length = 0
            self._asked_at = time.monotonic() + _PATIENCE_SECONDS
        return self._length

    def wait_seconds(self, jobs: int) -> float | None:
        """Return how long so many jobs take at the present pace; None when that is unknown."""
        return jobs / self._pace if self._pace > 0 else None

    def room_seconds(self, length: int, most: int) -> float:
        """Return when to come back to a queue of this length, of which `most` is the limit."""
        wait = self.wait_seconds(length - round(most * (1 - _ROOM)))
        wait = _UNKNOWN_WAIT_SECONDS if wait is None else wait
        return min(max(wait, _LEAST_WAIT_SECONDS), _MOST_WAIT_SECONDS)

    async def run(self) -> None:
        """Measure the pace, for ever."""
        while True:
            try:
                await self.look()
            except Unavailable as error:
                logger.warning("The pace of the queue is not known now: %s", error)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Measure the pace while jobs wait: of a queue that rests it would tell nothing.

        Verdicts are counted in the database, so those of other processes count as well.
        Raises Unavailable.
        """
        load, now = await self._queue.load(), self._clock()
        if not load.waiting:
            self._busy_since = None
            return
        self._busy_since = min(self._busy_since or now, now)
        since = max(self._busy_since, now - _MEMORY_SECONDS)
        if now - since < LOOK_SECONDS / 2:
            return
        self._pace = await self._store.graded_count(since) / (now - since)
