"""The course file `course.toml`: which problems make up a course, and when each set is open."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from nbjudge_course.faults import BadCourse, Faults, meant
from nbjudge_course.terms import Terms
from nbjudge_course.text_notebook import FORMATS

T = TypeVar("T")

COURSE_FILE = "course.toml"
ENDINGS = (".ipynb", *FORMATS)

COURSE_FIELDS = ("title", "time_zone", "teachers", "attempts", "late", "sets")
SET_FIELDS = ("title", "opens", "due", "attempts", "points", "problems")
LATE_FIELDS = ("accept", "deduct")

_DAYS = re.compile(r"^(\d+(?:\.\d+)?)\s*(days?|hours?|minutes?)$")
_UNIT_SECONDS = {"day": 86400.0, "hour": 3600.0, "minute": 60.0}
_PERCENT = re.compile(r"^(\d+(?:\.\d+)?)\s*%$")


@dataclass(frozen=True)
class LatePolicy:
    """What becomes of a submission after the due time."""

    accept_seconds: float = 0.0
    """How long after the due time submissions are taken."""
    deduct: float = 0.0
    """The share of the points that each day begun costs, 0 to 1."""


@dataclass(frozen=True)
class ProblemSet:
    """Problems that open and are due together. Times are seconds since 1970, UTC."""

    title: str
    problems: tuple[str, ...]
    """Names of notebooks beside the course file, without their ending, in order."""
    opens_at: float | None = None
    due_at: float | None = None
    closes_at: float | None = None
    """The due time and what the late policy adds to it."""
    attempts: int | None = None
    """How often a student may submit each problem; None is without limit."""
    points: float | None = None
    """What the set counts in the course, however many points its problems have.

    None is what its problems add up to.
    """


@dataclass(frozen=True)
class Course:
    """A course as its file says."""

    path: Path
    """The course file."""
    title: str
    time_zone: str
    sets: tuple[ProblemSet, ...]
    teachers: tuple[str, ...] = ()
    late: LatePolicy = LatePolicy()

    def terms(self, problems: ProblemSet) -> Terms:
        """Return the terms of the problems of a set."""
        return Terms(
            opens_at=problems.opens_at,
            due_at=problems.due_at,
            closes_at=problems.closes_at,
            late_deduct=self.late.deduct,
            attempts=problems.attempts,
            time_zone=self.time_zone,
        )

    @property
    def folder(self) -> Path:
        """The folder in which the notebooks are."""
        return self.path.parent

    def notebooks(self) -> list[tuple[ProblemSet, Path]]:
        """Return every problem's notebook with its set, in the order of the course."""
        return [
            (problems, notebook_of(self.folder, name))
            for problems in self.sets
            for name in problems.problems
        ]


def notebook_of(folder: Path, name: str) -> Path:
    """Return the path of the problem with this name in a course's folder.

    A notebook goes before the same problem as text, which Jupytext may keep beside it.
    """
    places = [folder / f"{name}{ending}" for ending in ENDINGS]
    return next((place for place in places if place.is_file()), places[0])


def read_course(path: str | Path) -> Course:
    """Read a course file, or the one in a folder.

    Raises BadCourse, a BadProblem, with every fault that was found: the line and the fix.
    """
    place = Path(path)
    place = place / COURSE_FILE if place.is_dir() else place
    faults = Faults(place, BadCourse)
    text, content = _content(place, faults)
    faults.raise_if_any()
    course = _Reader(place, text, faults).course(content)
    faults.raise_if_any()
    return course


def _content(path: Path, faults: Faults) -> tuple[str, Mapping[str, object]]:
    try:
        text = path.read_text("utf-8")
        return text, tomllib.loads(text)
    except FileNotFoundError:
        faults.add(f"there is no {path.name} in {path.parent}")
    except OSError as error:
        faults.add(f"it cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        faults.add("it is not UTF-8 text")
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        faults.add(f"this is no TOML: {error}", line=int(line[1]) if line else None)
    return "", {}


class _Table:
    """One table of the file: its values are asked for with their type, faults name their line."""

    def __init__(
        self, values: object, known: Iterable[str], first_line: int, reader: "_Reader"
    ) -> None:
        self.line = first_line
        self._reader = reader
        self._values: Mapping[str, object] = values if isinstance(values, dict) else {}
        if not isinstance(values, dict):
            self.fault("", "here a table is expected")
        for name in self._values:
            if name not in known:
                self.fault(name, f"`{name}` is not a field here{meant(name, known)}")

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def get(self, name: str, read: Callable[[object], T]) -> T | None:
        """Return a field as `read` makes of it; None, perhaps with a fault, when there is none."""
        if name not in self._values:
            return None
        try:
            return read(self._values[name])
        except ValueError as error:
            self.fault(name, f"`{name}`: {error}")
            return None

    def need(self, name: str, read: Callable[[object], T]) -> T | None:
        """Return a field that must be there; None, and a fault, when it is not."""
        if name not in self._values:
            self.fault("", f"`{name}` is missing")
        return self.get(name, read)

    def fault(self, name: str, message: str) -> None:
        """Note a fault at the line of a field, or at the first line of the table."""
        self._reader.fault(message, self._reader.line_of(name, self.line) if name else self.line)


class _Reader:
    """Reads one course file. TOML's parser keeps no lines, so they are looked up in the text."""

    def __init__(self, path: Path, text: str, faults: Faults) -> None:
        self._path = path
        self._lines = text.splitlines()
        self._faults = faults
        self._seen: dict[str, int] = {}
        self._zone: tzinfo = UTC

    def course(self, content: Mapping[str, object]) -> Course:
        """Return the course; what is wrong goes to the faults."""
        top = _Table(content, COURSE_FIELDS, 1, self)
        title = top.need("title", _text) or ""
        zone = top.get("time_zone", _text) or "UTC"
        self._zone = top.get("time_zone", _zone) or UTC
        late = self._late(content.get("late"))
        attempts = top.get("attempts", _count)
        tables = top.need("sets", _tables) or []
        starts = self._starts("[[sets]]")
        sets = [
            self._set(_Table(table, SET_FIELDS, line, self), late, attempts)
            for table, line in zip(tables, starts + [1] * len(tables), strict=False)
        ]
        teachers = top.get("teachers", _texts) or ()
        return Course(self._path, title, zone, tuple(sets), teachers, late)

    def line_of(self, name: str, first_line: int) -> int:
        """Return the first line, from this one on, that sets or opens the name."""
        pattern = re.compile(rf"^\s*\[{{0,2}}\s*{re.escape(name)}\s*[]=.]")
        for number in range(first_line, len(self._lines) + 1):
            if pattern.match(self._lines[number - 1]):
                return number
        return first_line

    def fault(self, message: str, line: int) -> None:
        """Note one fault."""
        self._faults.add(message, line=line)

    def _starts(self, header: str) -> list[int]:
        return [n for n, line in enumerate(self._lines, 1) if line.strip().startswith(header)]

    def _late(self, values: object) -> LatePolicy:
        if values is None:
            return LatePolicy()
        table = _Table(values, LATE_FIELDS, self.line_of("late", 1), self)
        accept = table.get("accept", _duration_seconds)
        return LatePolicy(accept or 0.0, table.get("deduct", _share) or 0.0)

    def _set(self, table: _Table, late: LatePolicy, attempts: int | None) -> ProblemSet:
        opens = table.get("opens", lambda value: self._moment(value, time.min))
        due = table.get("due", lambda value: self._moment(value, time(23, 59, 59)))
        if opens is not None and due is not None and due <= opens:
            table.fault("due", "`due` is not after `opens`")
        names = table.need("problems", _texts) or ()
        for name in names:
            self._check_problem(table, name)
        return ProblemSet(
            title=table.need("title", _text) or "",
            problems=names,
            opens_at=opens,
            due_at=due,
            closes_at=None if due is None else due + late.accept_seconds,
            attempts=table.get("attempts", _count) or attempts,
            points=table.get("points", _number),
        )

    def _check_problem(self, table: _Table, name: str) -> None:
        if name in self._seen:
            table.fault("problems", f"{name!r} is in the set at line {self._seen[name]} already")
        elif not notebook_of(self._path.parent, name).is_file():
            beside = [path.stem for path in self._path.parent.glob("*.ipynb")]
            hint = meant(name, beside) if beside else ""
            table.fault("problems", f"there is no notebook {name}.ipynb beside this file{hint}")
        self._seen.setdefault(name, table.line)

    def _moment(self, value: object, of_day: time) -> float:
        """Return a TOML time as seconds since 1970; without an offset it is local to the course."""
        if isinstance(value, datetime):
            moment = value
        elif isinstance(value, date):
            moment = datetime.combine(value, of_day)
        else:
            raise ValueError("write a time such as 2030-01-31T18:00:00, without quotes")
        return (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).timestamp()


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("write some text between quotes")
    return value.strip()


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise ValueError('write a list of texts, such as ["one", "two"]')
    return tuple(_text(item) for item in value)


def _tables(value: object) -> list[object]:
    if not isinstance(value, list) or not value:
        raise ValueError("write each problem set under a line [[sets]]")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("write a whole number from 1 on")
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 1e9:
        raise ValueError("write a number of points from 0 on")
    return float(value)


def _zone(value: object) -> tzinfo:
    name = _text(value)
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone, such as Europe/Zurich or UTC") from error


def _duration_seconds(value: object) -> float:
    match = _DAYS.match(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError('write a span of time such as "3 days" or "12 hours"')
    return float(match[1]) * _UNIT_SECONDS[match[2].rstrip("s")]


def _share(value: object) -> float:
    match = _PERCENT.match(value) if isinstance(value, str) else None
    if match is None or float(match[1]) > 100:
        raise ValueError('write a share between "0%" and "100%"')
    return float(match[1]) / 100
