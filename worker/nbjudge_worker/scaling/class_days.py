"""Class days: when submissions come in, made up from a seed or read from a recording."""

import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

HOUR = 3600.0
DAY = 24 * HOUR


@dataclass(frozen=True)
class ClassDay:
    """Arrivals in seconds from the beginning, in order."""

    name: str
    arrivals: Sequence[float]
    seconds: float
    """How long the day is."""


def rush(random_: random.Random, students: int = 500) -> ClassDay:
    """All students press Submit within five seconds, one minute after the beginning."""
    arrivals = sorted(60 + random_.uniform(0, 5) for _ in range(students))
    return ClassDay(f"{students} students in 5 seconds", arrivals, 15 * 60)


def deadline(random_: random.Random, students: int = 10_000) -> ClassDay:
    """An evening before midnight: each student tries three times, the most in the last hour."""
    hours = 6
    before_midnight = (random_.expovariate(1 / (0.8 * HOUR)) for _ in range(3 * students))
    arrivals = sorted(hours * HOUR - one % (hours * HOUR) for one in before_midnight)
    name = f"a deadline evening of {students} students, {3 * students} submissions"
    return ClassDay(name, arrivals, (hours + 1) * HOUR)


def week(random_: random.Random, submissions: int = 1_000_000) -> ClassDay:
    """Seven days: quiet nights, busy afternoons and evenings."""
    hours = [1, 0, 0, 0, 0, 0, 1, 2, 5, 7, 8, 7, 5, 7, 9, 9, 8, 7, 7, 9, 11, 12, 9, 4]
    chosen = random_.choices(range(7 * 24), weights=hours * 7, k=submissions)
    arrivals = sorted((hour + random_.random()) * HOUR for hour in chosen)
    return ClassDay(f"a week of {submissions} submissions", arrivals, 7 * DAY + HOUR)


DAYS: dict[str, Callable[[random.Random, int], ClassDay]] = {
    "rush": rush,
    "deadline": deadline,
    "week": week,
}
SIZES = {"rush": 500, "deadline": 10_000, "week": 1_000_000}
"""Students, or submissions of the week."""


def recorded(path: Path) -> ClassDay:
    """Read the times in a file, one a line. Raises ValueError that names the line, and OSError."""
    with path.open(encoding="utf-8") as lines:
        times = sorted(_times(lines))
    if not times:
        raise ValueError("there is no time in it")
    first = times[0]
    return ClassDay(path.name, [time - first for time in times], times[-1] - first + 10 * 60)


def _times(lines: Iterable[str]) -> Iterable[float]:
    """Yield seconds. A line is a time in ISO 8601 or in seconds since 1970; what follows is not."""
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        try:
            yield _time(text)
        except ValueError as error:
            raise ValueError(f"line {number}: {text[:40]!r} is no time") from error


def _time(text: str) -> float:
    try:
        time = float(text)
    except ValueError:
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    if not math.isfinite(time):
        raise ValueError
    return time
