"""How long the queue is, and how fast it empties: for admission, which must not wait for Redis."""

import asyncio
import time
from collections import deque

from nbjudge_course.errors import Unavailable

from nbjudge_grader_service.queue import Queue

_FRESH_SECONDS = 0.2
_PATIENCE_SECONDS = 0.5
_MEMORY_SECONDS = 60.0
_LEAST_WAIT_SECONDS, _MOST_WAIT_SECONDS = 5.0, 600.0


class Backlog:
    """What is known of the queue's length, and of the verdicts of the last minute."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._length = 0
        self._asked_at = float("-inf")
        self._verdicts: deque[tuple[float, int]] = deque()
        self._counting_since = time.monotonic()

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

    def graded(self, verdicts: int) -> None:
        """Note that verdicts have come in."""
        self._verdicts.append((time.monotonic(), verdicts))
        self._forget_old()

    def wait_seconds(self, length: int) -> float:
        """Return how long so many jobs may take, as fast as the last minute went."""
        self._forget_old()
        lasted = min(_MEMORY_SECONDS, max(1.0, time.monotonic() - self._counting_since))
        verdicts = sum(count for _, count in self._verdicts)
        if not verdicts:
            return _MOST_WAIT_SECONDS
        wait = length * lasted / verdicts
        return min(max(wait, _LEAST_WAIT_SECONDS), _MOST_WAIT_SECONDS)

    def _forget_old(self) -> None:
        oldest = time.monotonic() - _MEMORY_SECONDS
        while self._verdicts and self._verdicts[0][0] < oldest:
            self._verdicts.popleft()
