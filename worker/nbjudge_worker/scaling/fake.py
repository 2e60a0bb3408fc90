"""Workers that exist only in memory, for tests of what starts and ends them."""

import time
from collections.abc import Callable, Collection, Sequence

from nbjudge_course.errors import Unavailable


class FakeBackend:
    """A worker that is told to drain still takes `job_seconds` to end."""

    def __init__(
        self, *, job_seconds: float = 0.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.is_away = False
        """Whether nothing can be reached."""
        self.asked: list[str] = []
        """All that were told to drain."""
        self._job_seconds = job_seconds
        self._clock = clock
        self._ends: dict[str, float] = {}

    def workers(self) -> Collection[str]:
        """Return those whose end has not come."""
        self._reach()
        now = self._clock()
        self._ends = {name: end for name, end in self._ends.items() if now < end}
        return list(self._ends)

    def start(self, names: Sequence[str]) -> None:
        """Start them without an end."""
        self._reach()
        self._ends |= dict.fromkeys(names, float("inf"))

    def drain(self, names: Sequence[str]) -> None:
        """Set the end to when their job is done."""
        self._reach()
        self.asked += names
        self._end(names, self._clock() + self._job_seconds)

    def kill(self, names: Sequence[str]) -> None:
        """Set the end to now; a worker that dies by itself is the same."""
        self._reach()
        self._end(names, float("-inf"))

    def close(self) -> None:
        """There is nothing to let go of."""

    def _end(self, names: Sequence[str], end: float) -> None:
        self._ends |= {name: min(end, self._ends[name]) for name in names if name in self._ends}

    def _reach(self) -> None:
        if self.is_away:
            raise Unavailable("the workers cannot be reached")
