"""The sections of an Otter notebook: its raw cells say what the cells between them are."""

import ast
import difflib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from nbjudge_course.faults import Faults
from nbjudge_course.importers.otter_marks import check_of
from nbjudge_course.importers.source import SourceCell, SourceNotebook

_MARK = re.compile(
    r"^#+ *(?P<mark>ASSIGNMENT CONFIG|(?:BEGIN|END) (?:QUESTION|PROMPT|SOLUTION|TESTS))\s*$"
)
_ALMOST = re.compile(r"^#+ *(?P<words>[A-Z][A-Z ]+)\s*$")
_MARKS = ["ASSIGNMENT CONFIG"] + [
    f"{end} {part}"
    for part in ("QUESTION", "PROMPT", "SOLUTION", "TESTS")
    for end in ("BEGIN", "END")
]


@dataclass
class Question:
    """A question and what it is worth."""

    name: str
    cell: int
    """Where it begins."""
    points: Any = None
    manual: bool = False
    all_or_nothing: bool = False
    tests: list[SourceCell] = field(default_factory=list)
    ok_cases: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Code:
    """A code cell that is no test."""

    cell: SourceCell
    to_student: bool
    to_author: bool


@dataclass
class Sections:
    """An Otter notebook, understood. A question stands where its tests run."""

    config: dict[str, Any] = field(default_factory=dict)
    items: list[Code | Question] = field(default_factory=list)
    statement: list[str] = field(default_factory=list)
    title: str = ""
    notes: list[tuple[str, int | None]] = field(default_factory=list)

    @property
    def exception_style(self) -> bool:
        """Whether tests are functions that raise, not cells with outputs."""
        tests = self.config.get("tests")
        return isinstance(tests, dict) and tests.get("ok_format") is False


def read_sections(notebook: SourceNotebook, faults: Faults) -> Sections:
    """Return the sections of an author's notebook, or of a student's one with its tests."""
    reader = _Reader(faults)
    for cell in notebook.cells:
        reader.read(cell)
    reader.end()
    sections = reader.sections
    if not any(isinstance(item, Question) for item in sections.items):
        _read_released(notebook, sections)
    return sections


class _Reader:
    """Goes through the cells; `part` is the section that it is in."""

    def __init__(self, faults: Faults) -> None:
        self.sections = Sections()
        self._faults = faults
        self._question: Question | None = None
        self._part = ""
        self._prompted = False
        self._names: set[str] = set()

    def read(self, cell: SourceCell) -> None:
        """Read one cell."""
        if cell.kind == "raw":
            first, _, rest = cell.source.strip().partition("\n")
            mark = _MARK.match(first.strip())
            if mark:
                self._mark(mark["mark"], rest, cell)
            elif cell.source.strip():
                self._no_mark(first, cell)
        elif cell.kind == "markdown":
            self._text(cell)
        elif self._part == "TESTS" and self._question is not None:
            if cell.source.strip():
                self._question.tests.append(cell)
        else:
            self._code(cell)

    def end(self) -> None:
        """No cell is left."""
        if self._part and self._question is not None:
            self._open(self._part)
        elif self._question is not None:
            self._open("QUESTION")

    def _open(self, part: str) -> None:
        name = self._question.name if self._question else ""
        self._faults.add(
            f"BEGIN {part} of question {name} has no end; add a raw cell `# END {part}`",
            cell=self._question.cell if self._question else None,
        )

    def _no_mark(self, first: str, cell: SourceCell) -> None:
        almost = _ALMOST.match(first.strip())
        if almost:
            near = difflib.get_close_matches(almost["words"], _MARKS, n=1)
            fix = f"did you mean `# {near[0]}`?" if near else "make it a markdown cell"
            self._faults.add(f"`{first.strip()}` is no mark of Otter's; {fix}", cell=cell.number)
        else:
            self.sections.notes.append(("a raw cell is not taken over", cell.number))

    def _mark(self, mark: str, rest: str, cell: SourceCell) -> None:
        if mark == "ASSIGNMENT CONFIG":
            self.sections.config = self._yaml(rest, cell)
            return
        edge, _, part = mark.partition(" ")
        if part == "QUESTION":
            self._begin_question(rest, cell) if edge == "BEGIN" else self._end_question(cell)
        elif self._question is None:
            self._faults.add(
                f"`# {mark}` stands outside of a question; add `# BEGIN QUESTION` above it",
                cell=cell.number,
            )
        elif (edge == "BEGIN") == bool(self._part) or (edge == "END" and self._part != part):
            self._faults.add(
                f"`# {mark}` has no partner; close `# BEGIN {self._part or part}` first",
                cell=cell.number,
            )
        else:
            self._part = part if edge == "BEGIN" else ""
            self._prompted |= part == "PROMPT"

    def _begin_question(self, rest: str, cell: SourceCell) -> None:
        if self._question is not None:
            self._open(self._part or "QUESTION")
        said = self._yaml(rest, cell)
        name = said.get("name")
        if not isinstance(name, (str, int)) or not str(name).strip():
            self._faults.add("the question has no name; add `name: q1`", cell=cell.number)
            name = f"cell {cell.number}"
        name = str(name)
        if re.search(r"\s", name):
            self._faults.add(f"the name {name!r} has a space; write `_`", cell=cell.number)
        if name in self._names:
            self._faults.add(f"there is a question {name} already; rename one", cell=cell.number)
        self._names.add(name)
        self._question = Question(
            name,
            cell.number,
            _points(said.get("points")),
            said.get("manual") is True,
            said.get("all_or_nothing") is True,
        )
        self._part, self._prompted = "", False

    def _end_question(self, cell: SourceCell) -> None:
        if self._question is None:
            self._faults.add("`# END QUESTION` has no `# BEGIN QUESTION`", cell=cell.number)
            return
        if self._part:
            self._open(self._part)
        self.sections.items.append(self._question)
        self._question, self._part = None, ""

    def _text(self, cell: SourceCell) -> None:
        if self._part in ("SOLUTION", "TESTS"):
            return
        if not self.sections.title and (
            found := re.search(r"^# +(.+)$", cell.source, re.MULTILINE)
        ):
            self.sections.title = found[1].strip()
        if cell.source.strip():
            self.sections.statement.append(cell.source)

    def _code(self, cell: SourceCell) -> None:
        if self._part == "PROMPT":
            code = Code(cell, to_student=True, to_author=False)
        elif self._part == "SOLUTION":
            code = Code(cell, to_student=not self._prompted, to_author=True)
        else:
            code = Code(cell, to_student=True, to_author=True)
        self.sections.items.append(code)

    def _yaml(self, text: str, cell: SourceCell) -> dict[str, Any]:
        try:
            said = yaml.safe_load(text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 2 if mark else None
            reason = getattr(error, "problem", None) or error
            self._faults.add(f"this is no YAML: {reason}", cell=cell.number, line=line)
            return {}
        if said is None or isinstance(said, dict):
            return said or {}
        self._faults.add("below the mark stand lines `name: value`", cell=cell.number)
        return {}


def _points(said: Any) -> Any:  # noqa: ANN401  # any YAML
    """Return the points of a question: a number, a list, or None."""
    return said.get("each", said.get("total")) if isinstance(said, dict) else said


def _read_released(notebook: SourceNotebook, sections: Sections) -> None:
    """Take the tests that a student's notebook, or a folder `tests` beside it, has."""
    kept = notebook.metadata.get("otter")
    tests = kept.get("tests") if isinstance(kept, dict) else None
    found = dict(tests) if isinstance(tests, dict) else {}
    for path in sorted((notebook.path.parent / "tests").glob("*.py")):
        test = _ok_test(path)
        if test is None:
            sections.notes.append(
                (f"tests/{path.name} is left out: it has no `test = {{...}}`", None)
            )
        else:
            found[path.stem] = test
    items: list[Code | Question] = []
    for item in sections.items:
        items.append(item)
        name = check_of(item.cell.source) if isinstance(item, Code) else None
        if name in found and isinstance(item, Code):
            items.append(_ok_question(str(name), found.pop(name), item.cell.number, sections))
    items += [_ok_question(name, test, 1, sections) for name, test in found.items()]
    sections.items = items


def _ok_question(name: str, test: Any, cell: int, sections: Sections) -> Question:  # noqa: ANN401
    question = Question(name, cell)
    if not isinstance(test, dict):
        sections.notes.append((f"the test {name} is left out: it is no OK test", cell))
        return question
    question.points = test.get("points")
    question.all_or_nothing = test.get("all_or_nothing") is True
    for suite in test.get("suites", []):
        kind = suite.get("type") if isinstance(suite, dict) else None
        if kind != "doctest":
            sections.notes.append((f"a suite of {name} is left out: its type is {kind}", cell))
            continue
        question.ok_cases += [case for case in suite.get("cases", []) if isinstance(case, dict)]
    return question


def _ok_test(path: Path) -> Any:  # noqa: ANN401  # whatever the file says
    try:
        body = ast.parse(path.read_text("utf-8")).body
        for node in body:
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "test":
                return ast.literal_eval(node.value)
    except (SyntaxError, ValueError, OSError):
        return None
    return None
