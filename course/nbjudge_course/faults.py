"""What is wrong with an author's file, told all at once: where it stands and how to mend it."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbjudge_course.errors import BadProblem


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, as a sentence that also says the fix."""

    message: str
    cell: int | None = None
    """The first cell of a notebook is 1."""
    line: int | None = None
    """The first line of a cell, or of a file without cells, is 1."""

    def __str__(self) -> str:
        where = [f"cell {self.cell}"] if self.cell is not None else []
        where += [f"line {self.line}"] if self.line is not None else []
        return f"{', '.join(where)}: {self.message}" if where else self.message


class FaultyFile(BadProblem):
    """An author's file cannot be used as it was written."""

    def __init__(self, path: Path, faults: Iterable[Fault]) -> None:
        self.path = path
        self.faults = tuple(faults)
        super().__init__("\n".join(f"{path.name}: {fault}" for fault in self.faults))


class BadNotebook(FaultyFile):
    """A problem notebook cannot be used as it was written."""


class BadCourse(FaultyFile):
    """A course file cannot be used as it was written."""


class Faults:
    """Collects faults while one file is read, so that its author sees all of them."""

    def __init__(self, path: Path, error: type[FaultyFile] = BadNotebook) -> None:
        self._path = path
        self._error = error
        self._found: list[Fault] = []

    def add(self, message: str, *, cell: int | None = None, line: int | None = None) -> None:
        """Note one fault and go on."""
        self._found.append(Fault(message, cell, line))

    def raise_if_any(self) -> None:
        """Raise the error with all that was noted, in the order of the file."""
        if self._found:
            raise self._error(self._path, sorted(self._found, key=_place))


def meant(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean ...?` for the known word nearest to this one, or the known words."""
    words = list(known)
    near = nearest(word, words)
    return f"; did you mean `{near}`?" if near else f"; there are {', '.join(words)}"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that a mistyped one is likely to be, or None."""
    near = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return near[0] if near else None


def _place(fault: Fault) -> tuple[int, int]:
    return fault.cell or 0, fault.line or 0
