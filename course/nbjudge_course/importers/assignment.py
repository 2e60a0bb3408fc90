"""An assignment as all importers see it, and the problem notebook that it becomes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from nbjudge_course.notebook import NOTE
from nbjudge_course.notebook_file import encoded_problem, new_notebook

LIMITS = {"cpu": "20s", "wall": "60s", "memory": "1GB"}
"""Other graders give a cell 30 seconds or more, and no limit of memory."""


@dataclass(frozen=True)
class Note:
    """Something that an author has to know: it could not be translated, or not wholly."""

    message: str
    cell: int | None = None

    def __str__(self) -> str:
        return self.message if self.cell is None else f"cell {self.cell}: {self.message}"


@dataclass(frozen=True)
class ImportedTest:
    """One test; `check` names the place in the student's notebook at which it runs."""

    name: str
    check: str
    source: str
    points: float
    hidden: bool = False
    hint: str = ""


@dataclass(frozen=True)
class Manual:
    """Something that a person grades."""

    name: str
    points: float
    cell: int


@dataclass
class Assignment:
    """One notebook of another grader, translated."""

    path: Path
    id: str
    title: str
    statement: list[str] = field(default_factory=list)
    starter: str = ""
    solution: str = ""
    setup: str = ""
    tests: list[ImportedTest] = field(default_factory=list)
    manual: list[Manual] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    libraries: list[str] = field(default_factory=list)

    @property
    def points(self) -> float:
        """The points of all tests together; what a person grades is not among them."""
        return sum(test.points for test in self.tests)

    def report(self) -> str:
        """Return what was made of the assignment, a line for everything that was not."""
        head = f"{self.path.name}: {len(self.tests)} tests, {self.points:g} points"
        if not self.tests:
            head = f"{self.path.name}: no test, so no problem was made of it"
        lines = [head, *(f"  for a person to grade: {_manual(item)}" for item in self.manual)]
        lines += [f"  {note}" for note in sorted(self.notes, key=lambda note: note.cell or 0)]
        return "\n".join(lines) + "\n"


def problem_notebook(assignment: Assignment) -> dict[str, Any]:
    """Return the problem notebook, of format 4.5."""
    front: dict[str, Any] = {"id": assignment.id, "title": assignment.title, "limits": LIMITS}
    if assignment.libraries:
        front["libraries"] = assignment.libraries
    if assignment.files:
        front["files"] = [file.name for file in assignment.files]
    text = yaml.safe_dump(front, sort_keys=False, allow_unicode=True)
    cells = [
        ("raw", f"---\n{text}---"),
        ("code", "%load_ext nbjudge_course.authoring"),
        *(("markdown", part) for part in assignment.statement),
        ("code", f"#| starter\n{assignment.starter}"),
        ("code", f"#| solution\n{assignment.solution}"),
        ("code", f"#| setup\n{_SETUP}\n{assignment.setup}"),
        *(("code", _test(test)) for test in assignment.tests),
        ("markdown", f"{NOTE}\n```text\n{assignment.report()}```"),
    ]
    return new_notebook(cells)


def encoded(assignment: Assignment) -> bytes:
    """Return the notebook's file. Raises BadNotebook when it is no problem."""
    return encoded_problem(problem_notebook(assignment), assignment.id, assignment.files)


def unique(names: Iterable[str]) -> list[str]:
    """Return the names in their order, each once."""
    return list(dict.fromkeys(names))


_SETUP = """\
if "run_to" not in globals():  # Run All in Jupyter, where all cells have run already
    def run_to(check):
        pass

    def stderr():
        return ""
"""


def _test(test: ImportedTest) -> str:
    lines = [f"#| test: {test.name}", f"#| points: {test.points:.12g}"]
    lines += ["#| hidden: true"] if test.hidden else []
    lines += [f"#| hint: {' '.join(test.hint.split())}"] if test.hint.strip() else []
    return "\n".join([*lines, f"run_to({test.check!r})", test.source])


def _manual(item: Manual) -> str:
    return f"{item.name}, {item.points:g} points (cell {item.cell})"
