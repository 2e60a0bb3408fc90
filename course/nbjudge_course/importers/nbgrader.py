"""nbgrader: a source assignment becomes a problem, a submitted notebook a source to grade."""

import ast
import re
from collections.abc import Sequence
from pathlib import Path

from nbjudge_course.errors import BadProblem
from nbjudge_course.faults import Faults
from nbjudge_course.importers.assignment import (
    Assignment,
    ImportedTest,
    Manual,
    Note,
    unique,
)
from nbjudge_course.importers.data_files import data_files
from nbjudge_course.importers.nbgrader_cells import (
    GraderCell,
    Use,
    has_region,
    read_use,
    read_uses,
    starter_of,
    without,
    without_marks,
)
from nbjudge_course.importers.running import Found, notebooks_in, run
from nbjudge_course.importers.sequence import Check, sequence
from nbjudge_course.importers.source import (
    SourceNotebook,
    imports_of,
    is_python,
    read_source,
    without_magics,
)
from nbjudge_course.notebook_file import problem_id

_AUTOTEST = re.compile(r"^\s*#+\s*(HASHED )?AUTOTEST\b", re.MULTILINE)
_HIDDEN = ("HIDDEN TESTS", "ALWAYS HIDDEN TESTS")
_STDERR = 'assert not stderr(), "it wrote to standard error: " + stderr()'


def main(arguments: Sequence[str]) -> int:
    """Make problems of nbgrader's assignments: `nbjudge import nbgrader COURSE OUT`."""
    return run(Nbgrader(), main.__doc__, arguments)


class Nbgrader:
    """The format of nbgrader, with the folders of its courses."""

    name = "nbgrader"

    def find(self, path: Path, submitted: Path | None) -> list[Found]:
        """Return the notebooks of a course, of an assignment's folder, or the one notebook."""
        if not path.exists():
            raise BadProblem(f"{path}: there is no such notebook or folder")
        if not path.is_dir():
            return [_found("", path, None, submitted)]
        source = path / "source"
        folders = sorted(f for f in source.iterdir() if f.is_dir()) if source.is_dir() else [path]
        course = path if source.is_dir() else None
        if course is not None and submitted is None:
            submitted = course / "submitted"
        found = [
            _found(folder.resolve().name, notebook, course, submitted)
            for folder in folders
            for notebook in notebooks_in(folder)
        ]
        if not found:
            raise BadProblem(
                f"{path}: there is no notebook in it; name a notebook, the folder of an "
                "assignment, or a course, which has a folder `source`"
            )
        return found

    def translate(self, found: Found) -> Assignment:
        """Translate a source notebook, or a released one, whose tests are then all public."""
        notebook = read_source(found.path)
        faults = Faults(found.path)
        cells = read_uses(notebook.cells, faults)
        faults.raise_if_any()
        return _Translation(notebook, cells, found).assignment()

    def submission(self, found: Found, path: Path) -> str:
        """Return the cells of a submitted notebook; the author's locked cells are put back."""
        ours = {each.id: each for each in _uses(read_source(found.path)) if each.id}
        steps: list[str | Check] = []
        for theirs in _uses(read_source(path)):
            own = ours.get(theirs.id)
            if own is not None and own.use is Use.TEST:
                steps.append(Check(own.id))
            elif theirs.cell.kind == "code":
                locked = own is not None and own.use is Use.READ_ONLY
                steps.append(own.cell.source if own and locked else theirs.cell.source)
        return sequence(steps)


class _Translation:
    """The translation of one notebook."""

    def __init__(self, notebook: SourceNotebook, cells: list[GraderCell], found: Found) -> None:
        self._notebook, self._cells, self._found = notebook, cells, found
        self._result = Assignment(found.path, found.id, _title(notebook, found.path.stem))

    def assignment(self) -> Assignment:
        """Return the whole."""
        result = self._result
        starter: list[str | Check] = []
        solution: list[str | Check] = []
        for each in self._cells:
            self._take(each, starter, solution)
        if self._notebook.language == "python":
            result.starter, result.solution = sequence(starter), sequence(solution)
            tests = "\n".join(test.source for test in result.tests)
            result.setup = "\n".join(imports_of(list(self._notebook.cells), tests))
            result.files, notes = data_files(self._found.path)
            result.notes += notes
        return result

    def _take(
        self, each: GraderCell, starter: list[str | Check], solution: list[str | Check]
    ) -> None:
        cell, result = each.cell, self._result
        if each.use in {Use.MANUAL, Use.TASK}:
            result.manual.append(Manual(each.id, each.points, cell.number))
        if cell.kind == "markdown":
            text = without(cell.source, "MARK SCHEME")
            if each.use is not Use.MANUAL and text.strip():
                result.statement.append(text)
        elif cell.kind == "code" and each.use is Use.TEST:
            if self._test(each):
                starter.append(Check(each.id))
                solution.append(Check(each.id))
        elif cell.kind == "code":
            answer = each.use in {Use.ANSWER, Use.MANUAL}
            starter.append(starter_of(cell.source) if answer else cell.source)
            solution.append(without_marks(cell.source))
        elif cell.source.strip():
            self._note("a raw cell is not taken over", each)

    def _test(self, each: GraderCell) -> bool:
        language = self._notebook.language
        if language != "python":
            self._note(
                f"the test `{each.id}` ({each.points:g} points) is written in {language}; "
                "tests of nbjudge are Python: write it anew",
                each,
            )
            return False
        source = self._written_out(each)
        if source is None:
            return False
        body = without_magics(without_marks(source)).strip("\n")
        if not is_python(body):
            self._note(
                f"the test `{each.id}` ({each.points:g} points) is not Python; mend it", each
            )
            return False
        self._note_partial(body, each)
        hidden = any(has_region(source, kind) for kind in _HIDDEN)
        if hidden:
            shown = source
            for kind in _HIDDEN:
                shown = without(shown, kind)
            shown = without_magics(shown).strip("\n")
            self._add(f"{each.id} (visible part)", each, shown, points=0.0, hidden=False)
        self._add(each.id, each, body, points=each.points, hidden=hidden)
        return True

    def _add(self, name: str, each: GraderCell, body: str, *, points: float, hidden: bool) -> None:
        source = "\n".join([body or "pass", _STDERR])
        self._result.tests.append(ImportedTest(name, each.id, source, points, hidden))

    def _written_out(self, each: GraderCell) -> str | None:
        """Return the test; nbgrader writes AUTOTEST out only in the released notebook."""
        source = each.cell.source
        if not _AUTOTEST.search(source):
            return source
        course, path = self._found.folder, self._found.path
        released = course / "release" / path.parent.name / path.name if course else None
        if released is not None and released.is_file():
            for theirs in _uses(read_source(released)):
                if theirs.id == each.id and not _AUTOTEST.search(theirs.cell.source):
                    return theirs.cell.source
        self._note(
            f"the test `{each.id}` ({each.points:g} points) has AUTOTEST lines, whose values only "
            "nbgrader knows: run `nbgrader generate_assignment` and import the course again, or "
            "its released notebook",
            each,
        )
        return None

    def _note_partial(self, source: str, each: GraderCell) -> None:
        body = ast.parse(source).body if _plain(source) else []
        last = body[-1] if body else None
        if not isinstance(last, ast.Expr) or isinstance(last.value, ast.Constant):
            return
        if isinstance(last.value, ast.Call) and ast.unparse(last.value.func) == "print":
            return
        self._note(
            f"when the last line of `{each.id}` is a number, nbgrader gives that many points; "
            f"here the test gives all of its {each.points:g} points or none",
            each,
        )

    def _note(self, message: str, each: GraderCell) -> None:
        self._result.notes.append(Note(message, each.cell.number))


def _uses(notebook: SourceNotebook) -> list[GraderCell]:
    """Return the cells of a notebook that is no longer the author's: nothing in it is refused."""
    ignored = Faults(notebook.path)
    return [read_use(cell, ignored) for cell in notebook.cells]


def _found(assignment: str, path: Path, course: Path | None, submitted: Path | None) -> Found:
    words = unique([assignment, path.stem]) if assignment else [path.stem]
    handed_in: list[tuple[str, Path]] = []
    if submitted is not None and submitted.is_dir():
        for student in sorted(f for f in submitted.iterdir() if f.is_dir()):
            place = student / (assignment or path.parent.resolve().name) / path.name
            handed_in.append((str(place.relative_to(submitted)), place))
    return Found(path, problem_id(*words), tuple(handed_in), course)


def _title(notebook: SourceNotebook, default: str) -> str:
    for cell in notebook.cells:
        match = re.search(r"^# +(.+)$", cell.source, re.MULTILINE)
        if cell.kind == "markdown" and match:
            return match[1].strip().strip("#").strip()
    return default


def _plain(source: str) -> bool:
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return False
    return True
