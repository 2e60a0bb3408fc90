"""The scaler: looks at the queue again and again, decides, and has its workers come and go."""

import threading
import time
from collections.abc import Callable, Collection

from nbjudge_course.errors import Unavailable

from nbjudge_worker.scaling.backend import Backend
from nbjudge_worker.scaling.crew import CannotStart, Crew
from nbjudge_worker.scaling.lookout import Lookout, Sight
from nbjudge_worker.scaling.pace import Pace
from nbjudge_worker.scaling.rule import Limits, Load, Need, Plan, decide

INTERVAL_SECONDS = 1.0
GRACE_SECONDS = 600.0
"""Longer than any job: a problem of many tests may have a minute for each."""
_ENDING_SECONDS = 0.1


class Scaler:
    """One scaler holds a name in Redis, and only workers of that name are its own."""

    def __init__(
        self,
        lookout: Lookout,
        backend: Backend,
        limits: Limits,
        *,
        name: str,
        tell: Callable[[str], None],
        grace_seconds: float = GRACE_SECONDS,
        interval_seconds: float = INTERVAL_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lookout = lookout
        self._limits = limits
        self._name = name
        self._tell = _Once(tell)
        self._clock = clock
        self._interval_seconds = interval_seconds
        self._crew = Crew(backend, name, grace_seconds=grace_seconds, tell=tell)
        self._pace = Pace()
        self._plan: Plan | None = None
        self._holds = False
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Let `run` return. Safe in a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Scale until `stop`. Raises CannotStart."""
        while not self._stopping.is_set():
            self.step()
            self._stopping.wait(self._interval_seconds)

    def step(self) -> None:
        """Look, decide and act once. What cannot be reached is tried again with the next step."""
        now = self._clock()
        sight = self._look()
        if not self._holds:
            return
        try:
            staying = self._crew.muster(now)
            if sight is None:
                self._crew.hear_nothing()
            else:
                self._crew.hear(sight.living, now)
                self._decide(sight, staying, now)
            if self._plan is not None:
                self._crew.staff(self._plan.workers, sight.held if sight else {}, now)
        except CannotStart:
            raise
        except Unavailable as error:
            self._tell("backend", str(error))
        else:
            self._tell("backend", "")

    def _look(self) -> Sight | None:
        """Return what is to be seen, or None while Redis is away: then all stays as it is."""
        try:
            self._holds = self._lookout.hold()
            sight = self._lookout.look()
        except Unavailable as error:
            self._tell("redis", f"the workers stay as they are: {error}")
            return None
        self._tell("redis", "")
        other = f"another scaler is called {self._name}: this one waits, or needs another --name"
        self._tell("name", "" if self._holds else other)
        return sight

    def _decide(self, sight: Sight, staying: Collection[str], now: float) -> None:
        load = self._load(sight, staying, now)
        before = self._plan or self._as_found(len(staying), now)
        self._plan = decide(load, self._limits, before, now)
        if before.workers != self._plan.workers:
            self._tell.at_once(
                f"{load.waiting} waiting, {load.running} running: "
                f"{before.workers} -> {self._plan.workers} workers, {self._plan.why}"
            )

    def _as_found(self, workers: int, now: float) -> Plan:
        """Those of an earlier start were needed, and are kept as if we had started them now."""
        kept = Need(now, min(workers, self._limits.most), "found here")
        return Plan(workers, kept.why, (kept,))

    def _load(self, sight: Sight, staying: Collection[str], now: float) -> Load:
        """Jobs of workers that are gone wait, too: no lease of theirs will be renewed."""
        alive = sight.living.keys() | staying
        taken = sum(jobs for name, jobs in sight.held.items() if name in alive)
        added = 0 if sight.added is None else sight.added
        if sight.added is not None:
            self._pace.note(now, added=added, length=sight.length, running=taken)
        return Load(
            waiting=max(0, sight.length - taken),
            running=sum(sight.held.get(name, 0) > 0 for name in staying),
            arrivals_per_second=self._pace.arrivals_per_second(),
            job_seconds=self._pace.job_seconds(),
        )

    def end(self) -> None:
        """Let all workers finish their jobs; return when they have ended. Raises Unavailable."""
        if not self._holds:
            return  # whoever is there is another scaler's
        self._crew.muster(self._clock())
        self._crew.send_all_away(self._clock())
        while not self._crew.is_gone(self._clock()):
            time.sleep(_ENDING_SECONDS)
        self._let_go()

    def _let_go(self) -> None:
        try:
            self._lookout.let_go()
        except Unavailable as error:
            self._tell("redis", f"its name stays with Redis for a moment: {error}")


class _Once:
    """Says of each thing once that it is wrong, until it was right again."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self.at_once = tell
        self._said: dict[str, str] = {}

    def __call__(self, about: str, text: str) -> None:
        if text and not self._said.get(about):
            self.at_once(text)
        self._said[about] = text
