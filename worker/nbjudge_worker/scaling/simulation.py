"""A class day with the real rule and workers that only count: who waits how long, what it costs.

Jobs are taken in the order in which they came. The scaler looks every `interval_seconds`; between
two looks each worker takes the next job as soon as it is free.
"""

import heapq
import random
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from nbjudge_worker.scaling.class_days import HOUR, ClassDay
from nbjudge_worker.scaling.pace import Pace
from nbjudge_worker.scaling.rule import Limits, Load, Plan, decide


@dataclass(frozen=True)
class Works:
    """How the workers of a simulation work. Raises ValueError that says what is impossible."""

    job_seconds: float = 2.0
    """On average; a job takes this long plus or minus a half."""
    start_seconds: float = 5.0
    """From a worker's start until it takes its first job."""
    interval_seconds: float = 1.0

    def __post_init__(self) -> None:
        if self.job_seconds < 0 or self.start_seconds < 0 or self.interval_seconds <= 0:
            raise ValueError("a job, a start and the interval must take time")


@dataclass
class Course:
    """What was to be seen at each look."""

    times: "array[float]" = field(default_factory=lambda: array("d"))
    waiting: "array[int]" = field(default_factory=lambda: array("l"))
    running: "array[int]" = field(default_factory=lambda: array("l"))
    workers: "array[int]" = field(default_factory=lambda: array("l"))


@dataclass(frozen=True)
class Outcome:
    """What came of the day."""

    waits: Sequence[float]
    """How many seconds each submission waited for a worker, from the shortest to the longest."""
    worker_hours: float
    most_workers: int
    course: Course

    def wait_seconds(self, share: float) -> float:
        """Return how long that share of all submissions waited at most."""
        if not self.waits:
            return 0.0
        return self.waits[min(len(self.waits) - 1, int(share * len(self.waits)))]


def simulate(day: ClassDay, limits: Limits, works: Works, random_: random.Random) -> Outcome:
    """Play the day until its end, and until everybody has been served."""
    return _Play(day, limits, works, random_).played()


class _Play:
    def __init__(self, day: ClassDay, limits: Limits, works: Works, random_: random.Random) -> None:
        self._day, self._limits, self._works = day, limits, works
        self._random = random_.random
        self._plan = Plan(limits.least, "")
        self._pace = Pace()
        self._free_at = [0.0] * limits.least
        """A heap: when each worker will be free; one that is idle has been free for a while."""
        self._starting: list[float] = []
        """When those that were just started will be there, in order."""
        self._arrived = self._taken = 0
        self._waits = array("d")
        self._course = Course()
        self._worker_seconds = 0.0

    def played(self) -> Outcome:
        now, step = 0.0, self._works.interval_seconds
        arrivals, end = self._day.arrivals, self._day.seconds
        while now < end or self._taken < len(arrivals):
            self._look(now)
            self._worker_seconds += step * self._there()
            now += step
            self._work_until(now)
        return Outcome(
            waits=sorted(self._waits),
            worker_hours=self._worker_seconds / HOUR,
            most_workers=max(self._course.workers, default=0),
            course=self._course,
        )

    def _there(self) -> int:
        return len(self._free_at) + len(self._starting)

    def _look(self, now: float) -> None:
        """Decide as the scaler does, from what is to be seen now."""
        arrivals = self._day.arrivals
        while self._arrived < len(arrivals) and arrivals[self._arrived] <= now:
            self._arrived += 1
        waiting = self._arrived - self._taken
        running = sum(free > now for free in self._free_at)
        self._pace.note(now, added=self._arrived, length=waiting + running, running=running)
        load = Load(waiting, running, self._pace.arrivals_per_second(), self._pace.job_seconds())
        self._plan = decide(load, self._limits, self._plan, now)
        self._staff(self._plan.workers, now)
        course = self._course
        course.times.append(now)
        course.waiting.append(waiting)
        course.running.append(running)
        course.workers.append(self._there())

    def _staff(self, wanted: int, now: float) -> None:
        missing = wanted - self._there()
        if missing > 0:
            self._starting += [now + self._works.start_seconds] * missing
        for _ in range(-missing):
            if self._starting:
                self._starting.pop()
            else:
                heapq.heappop(self._free_at)  # the rule leaves at least those that are busy

    def _work_until(self, end: float) -> None:
        """Hand out every job that a worker begins before `end`."""
        arrivals, free_at, random_ = self._day.arrivals, self._free_at, self._random
        least, spread = self._works.job_seconds / 2, self._works.job_seconds
        while self._starting and self._starting[0] < end:
            heapq.heappush(free_at, self._starting.pop(0))
        while self._taken < len(arrivals) and free_at:
            arrival = arrivals[self._taken]
            begins = max(free_at[0], arrival)
            if begins >= end:
                return
            heapq.heapreplace(free_at, begins + least + spread * random_())
            self._waits.append(begins - arrival)
            self._taken += 1
