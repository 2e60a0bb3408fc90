"""The workers of one scaler: which stay, which are leaving, which died and are replaced."""

import secrets
from collections.abc import Callable, Collection, Mapping

from nbjudge_course.errors import Unavailable

from nbjudge_worker.scaling.backend import Backend

STEADY_SECONDS = 30.0
"""A worker that dies sooner died at its start; one that lived as long begins the back-off anew."""
SILENT_SECONDS = 120.0
"""A worker that says nothing for so long, while Redis answers, is stuck and replaced."""
_PAUSE_SECONDS = (0.5, 30.0)
"""The first and the longest pause before a worker that died is replaced."""
_TRIES = 3
"""So often workers may die at their start before any of them ever came to work."""


class Crew:
    """Starts and ends workers until there are as many as planned; no job is cut short for it."""

    def __init__(
        self, backend: Backend, prefix: str, *, grace_seconds: float, tell: Callable[[str], None]
    ) -> None:
        """`grace_seconds` is how long one job may take: after that a leaving worker is killed."""
        self._backend = backend
        self._prefix = prefix
        self._grace_seconds = grace_seconds
        self._tell = tell
        self._born: dict[str, float] = {}
        self._leaving: dict[str, float] = {}
        self._silent: dict[str, float] = {}
        self._deaths = 0
        self._start_after = float("-inf")
        self._proven = False

    def muster(self, now: float) -> Collection[str]:
        """See who is there, and return those that stay. Raises Unavailable."""
        alive = set(self._backend.workers())
        gone = set(self._born) - alive
        self._mourn({name: self._born.pop(name) for name in gone - set(self._leaving)}, now)
        for name in gone:
            self._leaving.pop(name, None)
            self._born.pop(name, None)
        self._adopt(alive - set(self._born))
        self._end_the_slow(now)
        return set(self._born) - set(self._leaving)

    def _adopt(self, found: Collection[str]) -> None:
        if found:
            self._tell(f"{_workers(len(found))} of an earlier start found")
            self._born |= dict.fromkeys(found, float("-inf"))
            self._proven = True

    def _mourn(self, dead: Mapping[str, float], now: float) -> None:
        """Put the next start off, for longer each time that workers die at their start."""
        if not dead:
            return
        early = now - max(dead.values()) < STEADY_SECONDS
        self._deaths = self._deaths + 1 if early else 1
        if early and not self._proven and self._deaths >= _TRIES:
            raise CannotStart("workers end at once: see what they say above, or `nbjudge doctor`")
        first, longest = _PAUSE_SECONDS
        pause = min(first * 2 ** (self._deaths - 1), longest)
        self._start_after = now + pause
        self._tell(f"{_workers(len(dead))} died; replaced in {pause:.1f} s")

    def _end_the_slow(self, now: float) -> None:
        slow = [name for name, since in self._leaving.items() if now - since > self._grace_seconds]
        if slow:
            self._tell(f"{_workers(len(slow))} did not end in {self._grace_seconds:.0f} s: killed")
            self._backend.kill(slow)

    def hear(self, living: Collection[str], now: float) -> None:
        """Note who has told of itself. Those that are stuck are killed, and so replaced."""
        self._proven = self._proven or not self._born.keys().isdisjoint(living)
        since = self._silent
        self._silent = {name: since.get(name, now) for name in self._born if name not in living}
        stuck = [name for name, at in self._silent.items() if now - at > SILENT_SECONDS]
        if stuck:
            self._tell(f"{_workers(len(stuck))} fell silent: killed")
            self._backend.kill(stuck)

    def hear_nothing(self) -> None:
        """Redis is away: silence means nothing."""
        self._silent.clear()

    def staff(self, wanted: int, held: Mapping[str, int], now: float) -> None:
        """Start or send away until so many stay; the idle go first. Raises Unavailable."""
        staying = sorted(set(self._born) - set(self._leaving), key=lambda name: held.get(name, 0))
        missing = wanted - len(staying)
        if missing > 0 and now >= self._start_after:
            names = [f"{self._prefix}-{secrets.token_hex(4)}" for _ in range(missing)]
            for name in names:  # one by one, so that each that runs is known
                self._backend.start([name])
                self._born[name] = now
        elif missing < 0:
            self._send_away(staying[:-missing], now)

    def _send_away(self, names: Collection[str], now: float) -> None:
        self._backend.drain(list(names))
        self._leaving |= dict.fromkeys(names, now)

    def send_all_away(self, now: float) -> None:
        """Let every worker finish its job and end. Raises Unavailable."""
        self._send_away(set(self._born) - set(self._leaving), now)

    def is_gone(self, now: float) -> bool:
        """Tell whether nobody is left. Raises Unavailable."""
        self.muster(now)
        return not self._born


class CannotStart(Unavailable):
    """Workers die at their start, and never one came to work."""


def _workers(count: int) -> str:
    return f"{count} worker" if count == 1 else f"{count} workers"
