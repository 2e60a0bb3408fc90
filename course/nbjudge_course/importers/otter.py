"""Otter Assign: an author's notebook becomes a problem, a student's notebook a source to grade."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from nbjudge_course.errors import BadProblem
from nbjudge_course.faults import Faults
from nbjudge_course.importers.assignment import (
    Assignment,
    ImportedTest,
    Manual,
    Note,
)
from nbjudge_course.importers.data_files import named_files
from nbjudge_course.importers.otter_marks import (
    check_of,
    is_answer,
    solution_of,
    starter_of,
    with_seed,
    without_otter,
)
from nbjudge_course.importers.otter_sections import Question, Sections, read_sections
from nbjudge_course.importers.otter_tests import (
    SETUP,
    Case,
    Untranslatable,
    config_of,
    of_cell,
    of_doctest,
    of_function,
    shares,
)
from nbjudge_course.importers.running import Found, notebooks_in, run
from nbjudge_course.importers.sequence import Check, sequence
from nbjudge_course.importers.source import SourceCell, imports_of, read_source
from nbjudge_course.notebook_file import problem_id

_LEFT_OUT = {
    "plugins": "plugins of Otter do not run here",
    "environment": "say the libraries in the image of the workers",
    "requirements": "say the libraries in the image of the workers",
}
_SEED_BOTH = """\
import random
random.seed({seed})
try:
    import numpy
    numpy.random.seed({seed})
except ImportError:
    pass"""


def main(arguments: Sequence[str]) -> int:
    """Make problems of Otter Assign notebooks: `nbjudge import otter PATH OUT`."""
    return run(Otter(), main.__doc__, arguments)


class Otter:
    """The format of Otter Assign, version 1 and later, and of its students' notebooks."""

    name = "otter"

    def find(self, path: Path, submitted: Path | None) -> list[Found]:
        """Return the author's notebooks of a folder, or the one notebook."""
        if not path.exists():
            raise BadProblem(f"{path}: there is no such notebook or folder")
        notebooks = notebooks_in(path) if path.is_dir() else [path]
        if not notebooks:
            raise BadProblem(f"{path}: there is no notebook in it; name the author's notebook")
        handed_in: tuple[tuple[str, Path], ...] = ()
        if submitted is not None:
            if len(notebooks) != 1:
                raise BadProblem("`--submitted` belongs to one notebook; name it, not its folder")
            if not submitted.is_dir():
                raise BadProblem(f"{submitted}: there is no such folder of submissions")
            handed_in = tuple(
                (str(file.relative_to(submitted)), file)
                for file in sorted(submitted.rglob("*.ipynb"))
                if not any(part.startswith(".") for part in file.relative_to(submitted).parts)
            )
        return [Found(each, problem_id(each.stem), handed_in) for each in notebooks]

    def translate(self, found: Found) -> Assignment:
        """Translate an author's notebook, or a student's one, which has the public tests."""
        notebook = read_source(found.path)
        faults = Faults(found.path)
        if notebook.language != "python":
            faults.add(
                f"it is written in {notebook.language}; only tests in Python can be translated"
            )
        sections = read_sections(notebook, faults)
        faults.raise_if_any()
        return _Translation(sections, found).assignment(notebook.cells)

    def submission(self, found: Found, path: Path) -> str:
        """Return the cells of a student's notebook, with the seed that the author grades with."""
        seed = _Seed(read_sections(read_source(found.path), Faults(found.path)).config)
        steps: list[str | Check] = []
        for cell in read_source(path).cells:
            if cell.kind != "code":
                continue
            text = without_otter(cell.source)
            if text.strip():
                steps += seed.graded(solution_of(text))
            name = check_of(cell.source)
            if name is not None:
                steps.append(Check(name))
        return sequence(steps)


class _Seed:
    """How an assignment makes its random numbers repeatable."""

    def __init__(self, config: dict[str, Any]) -> None:
        generate = config.get("generate")
        said = config.get("seed")
        if said is None and isinstance(generate, dict):
            said = generate.get("seed")
        self._number = said if isinstance(said, int) else None
        self._variable = said if isinstance(said, dict) and said.get("variable") else {}

    def graded(self, cell: str) -> list[str | Check]:
        """Return a cell as it is graded."""
        if self._number is not None:
            return [_SEED_BOTH.format(seed=self._number), cell]
        return [self._with(cell, "autograder_value")]

    def given(self, cell: str) -> str:
        """Return a cell as students get it."""
        return self._with(cell, "student_value")

    def _with(self, cell: str, which: str) -> str:
        value = self._variable.get(which)
        return cell if value is None else with_seed(cell, str(self._variable["variable"]), value)


class _Translation:
    """The translation of one notebook."""

    def __init__(self, sections: Sections, found: Found) -> None:
        self._sections = sections
        self._seed = _Seed(sections.config)
        title = sections.config.get("name") or sections.title or found.path.stem
        self._result = Assignment(found.path, found.id, str(title))

    def assignment(self, cells: Sequence[SourceCell]) -> Assignment:
        """Return the whole."""
        result, sections = self._result, self._sections
        result.statement = sections.statement
        starter: list[str | Check] = []
        solution: list[str | Check] = []
        for item in sections.items:
            if isinstance(item, Question):
                if self._question(item):
                    starter.append(Check(item.name))
                    solution.append(Check(item.name))
            else:
                self._code(item.cell, item.to_student, item.to_author, starter, solution)
        result.starter, result.solution = sequence(starter), sequence(solution)
        tests = "\n".join(test.source for test in result.tests)
        result.setup = "\n".join([SETUP, *imports_of(list(cells), tests)])
        result.files, notes = named_files(result.path, sections.config.get("files"))
        result.notes += [Note(message, cell) for message, cell in sections.notes] + notes
        result.notes += [
            Note(f"`{key}` of the assignment's config is left out: {why}")
            for key, why in _LEFT_OUT.items()
            if sections.config.get(key)
        ]
        return result

    def _code(
        self,
        cell: SourceCell,
        to_student: bool,  # noqa: FBT001
        to_author: bool,  # noqa: FBT001
        starter: list[str | Check],
        solution: list[str | Check],
    ) -> None:
        source = without_otter(cell.source)
        if to_student:
            text = starter_of(source) if is_answer(source) else source
            starter.append(self._seed.given(text))
        if to_author:
            solution += self._seed.graded(solution_of(source))

    def _question(self, question: Question) -> bool:
        """Add the tests of a question; tell whether there is any."""
        if question.manual:
            points = question.points if isinstance(question.points, (int, float)) else 0
            self._result.manual.append(Manual(question.name, float(points), question.cell))
        cases = [
            case
            for number, cell in enumerate(question.tests, 1)
            if (case := self._case(question, cell, number)) is not None
        ]
        cases += [
            case
            for number, said in enumerate(question.ok_cases, 1)
            if (case := self._ok_case(question, said, number)) is not None
        ]
        if not cases:
            return False
        try:
            each = shares(question.points, cases)
        except (TypeError, ValueError) as error:
            faults = Faults(self._result.path)
            faults.add(f"question {question.name}: {error}", cell=question.cell)
            faults.raise_if_any()
            return False
        self._add(question, cases, each)
        return True

    def _add(self, question: Question, cases: list[Case], points: list[float]) -> None:
        several = len(cases) > 1
        whole = question.all_or_nothing and several
        for number, (case, share) in enumerate(zip(cases, points, strict=True), start=1):
            name = f"{question.name} ({number} of {len(cases)})" if several else question.name
            if not (whole and case.hidden):
                self._test(name, question, case, 0.0 if whole else share)
        if whole:
            source = "\n".join(case.source for case in cases)
            hidden = any(case.hidden for case in cases)
            every = Case(source, None, hidden, next((c.hint for c in cases if c.hint), ""))
            self._test(f"{question.name} (all or nothing)", question, every, sum(points))

    def _test(self, name: str, question: Question, case: Case, points: float) -> None:
        self._result.tests.append(
            ImportedTest(name, question.name, case.source, points, case.hidden, case.hint)
        )

    def _case(self, question: Question, cell: SourceCell, number: int) -> Case | None:
        text, code, hidden = config_of(cell.source)
        try:
            config = yaml.safe_load(text) or {}
            if not isinstance(config, dict):
                raise Untranslatable("its config has no lines `name: value`")
            functions = self._sections.exception_style
            source = of_function(code) if functions else of_cell(cell, code)
            points = config.get("points")
            return Case(
                source,
                None if points is None else float(points),
                bool(config.get("hidden", hidden)),
                str(config.get("failure_message") or ""),
            )
        except (Untranslatable, yaml.YAMLError, TypeError, ValueError) as why:
            self._left_out(question, number, why, cell.number)
            return None

    def _ok_case(self, question: Question, said: dict[str, Any], number: int) -> Case | None:
        try:
            points = said.get("points")
            return Case(
                of_doctest(str(said.get("code", ""))),
                None if points is None else float(points),
                bool(said.get("hidden", False)),
                str(said.get("failure_message") or ""),
            )
        except (Untranslatable, TypeError, ValueError) as why:
            self._left_out(question, number, why, question.cell)
            return None

    def _left_out(self, question: Question, number: int, why: Exception, cell: int) -> None:
        self._result.notes.append(
            Note(f"test {number} of {question.name} is left out: {why}", cell)
        )
