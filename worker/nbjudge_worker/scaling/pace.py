"""The pace of the last minute: how fast jobs come in, and how long one takes."""

from collections import deque

import msgspec

_MEMORY_SECONDS = 60.0
_LEAST_SECONDS = 2.0
"""A shorter look back tells nothing about arrivals in a second."""


class _Look(msgspec.Struct, frozen=True):
    at: float
    added: int
    length: int
    busy_seconds: float


class Pace:
    """Looks of the last minute at the queue."""

    def __init__(self) -> None:
        self._looks: deque[_Look] = deque()

    def note(self, now: float, *, added: int, length: int, running: int) -> None:
        """Note one look: jobs ever added, jobs in the queue, and those of them that run."""
        if self._looks and added < self._looks[-1].added:
            self._looks.clear()  # the queue was emptied and begins anew
        last = self._looks[-1] if self._looks else None
        busy = 0.0 if last is None else last.busy_seconds + running * (now - last.at)
        self._looks.append(_Look(now, added, length, busy))
        while now - self._looks[0].at > _MEMORY_SECONDS:
            self._looks.popleft()

    def arrivals_per_second(self) -> float:
        """Return how many jobs came in each second; 0 when it is not known yet."""
        seconds = self._looks[-1].at - self._looks[0].at if self._looks else 0.0
        if seconds < _LEAST_SECONDS:
            return 0.0
        return (self._looks[-1].added - self._looks[0].added) / seconds

    def job_seconds(self) -> float:
        """Return how long a worker was busy for each job that ended; 0 when none has."""
        if not self._looks:
            return 0.0
        first, last = self._looks[0], self._looks[-1]
        ended = (last.added - first.added) - (last.length - first.length)
        return (last.busy_seconds - first.busy_seconds) / ended if ended > 0 else 0.0
