"""A problem as its author writes it: one ordinary notebook, read into what the grader needs."""

import ast
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from nbjudge_course.cells import NotebookCell, NotebookFile, read_cells
from nbjudge_course.faults import Faults, meant
from nbjudge_course.front_matter import FrontMatter, points, read_front_matter
from nbjudge_course.handout import given_cells
from nbjudge_course.options import Role, RoleCell, comment_mark, read_role
from nbjudge_course.problem import Kind, Problem, Test
from nbjudge_course.verdict import Status

NOTE = "<!--| note -->"
"""A markdown cell that begins so is the author's own and no part of the statement."""

WRONG_VERDICTS = tuple(
    status
    for status in Status
    if status not in {Status.ACCEPTED, Status.CANCELLED, Status.INTERNAL_ERROR}
)
"""What a wrong solution may be expected to get."""


@dataclass(frozen=True)
class WrongSolution:
    """A solution that must not be accepted, and the verdict that it must get."""

    why: str
    verdict: Status
    """The status of its verdict, or the cause when it wins some points."""
    language: str
    source: str
    cell: int


@dataclass(frozen=True)
class ProblemNotebook:
    """A problem with all that stays on its author's machine."""

    path: Path
    problem: Problem
    solutions: Mapping[str, str]
    """By language."""
    wrong: tuple[WrongSolution, ...]
    cells: tuple[NotebookCell, ...]
    roles: Mapping[int, RoleCell]
    """The cells that have a role, by their number."""
    kernel: str
    """What Jupyter calls the kernel in which its author runs it."""


def read_problem(path: str | Path) -> ProblemNotebook:
    """Read a problem notebook.

    Raises BadNotebook, a BadProblem, with every fault that was found: the cell, the line, the fix.
    """
    notebook = read_cells(Path(path))
    faults = Faults(notebook.path)
    if not notebook.cells:
        faults.add("the notebook has no cells; begin with a raw cell of front matter")
    front = None
    if notebook.cells:
        front = read_front_matter(notebook.cells[0], notebook.path.parent, faults)
    code = [cell for cell in notebook.cells if cell.kind == "code"]
    found = [role for cell in code if (role := read_role(cell, faults)) is not None]
    assembled = _Assembly(notebook, front or FrontMatter("", ""), found, faults).problem()
    faults.raise_if_any()
    return assembled


def is_note(cell: NotebookCell) -> bool:
    """Return whether a markdown cell is the author's own and no part of the statement."""
    return cell.kind == "markdown" and cell.source.lstrip().startswith(NOTE)


class _Assembly:
    """Puts the cells of one notebook together into a problem."""

    def __init__(
        self, notebook: NotebookFile, front: FrontMatter, roles: list[RoleCell], faults: Faults
    ) -> None:
        self._notebook = notebook
        self._front = front
        self._roles = roles
        self._faults = faults

    def problem(self) -> ProblemNotebook:
        """Return the whole; what is wrong goes to the faults."""
        front, notebook = self._front, self._notebook
        markdown = [c for c in notebook.cells if c.kind == "markdown" and not is_note(c)]
        problem = Problem(
            id=front.id,
            title=front.title,
            kind=front.kind,
            languages=front.languages,
            limits=front.limits,
            statement="\n\n".join(cell.source.strip() for cell in markdown),
            starter=self._by_language(Role.STARTER),
            shared=_joined(self._with(Role.SHARED)),
            setup=_joined(self._python(Role.SETUP)),
            tests=self._tests(),
            rules=front.rules,
            files=front.files,
            libraries=front.libraries,
        )
        roles = {cell.number: cell for cell in self._roles}
        shown = [cell for cell in notebook.cells if not is_note(cell)]
        given = tuple(given_cells(problem, shown, roles))
        return ProblemNotebook(
            path=notebook.path,
            problem=msgspec.structs.replace(problem, given=given),
            solutions=self._by_language(Role.SOLUTION),
            wrong=tuple(self._wrong(cell) for cell in self._with(Role.WRONG)),
            cells=notebook.cells,
            roles=roles,
            kernel=notebook.kernel,
        )

    def _with(self, role: Role) -> list[RoleCell]:
        return [cell for cell in self._roles if cell.role is role]

    def _python(self, role: Role) -> list[RoleCell]:
        """Return the cells of a role that the examiner runs, after a look at their syntax."""
        cells = self._with(role)
        for cell in cells:
            self._check_syntax(cell)
        return cells

    def _by_language(self, role: Role) -> dict[str, str]:
        sources: dict[str, str] = {}
        for cell in self._with(role):
            language = self._language(cell)
            if language in sources:
                self._fault(cell, "language", f"there is a {role} in {language} already")
            sources[language] = cell.source
        return sources

    def _language(self, cell: RoleCell) -> str:
        """Return what a cell says, else the one language of the problem with its comment mark."""
        languages = self._front.languages
        said = cell.get("language")
        if said is not None:
            if said not in languages:
                self._fault(cell, "language", f"{said!r} is not among the problem's `languages`")
            return said
        fitting = [language for language in languages if comment_mark(language) == cell.mark]
        if self._notebook.language in fitting:
            return self._notebook.language
        if len(fitting) != 1:
            which = " or ".join(fitting) if fitting else "c"
            self._fault(cell, "", f"say its language: `{cell.mark}| language: {which}`")
        return fitting[0] if fitting else languages[0]

    def _tests(self) -> tuple[Test, ...]:
        cells = self._python(Role.TEST)
        if not cells:
            self._faults.add("there is no test; begin a code cell with `#| test: what it tests`")
        shares = self._points(cells)
        seen: dict[str, int] = {}
        for cell in cells:
            if cell.label in seen:
                self._fault(cell, "test", f"cell {seen[cell.label]} has a test of the same name")
            seen.setdefault(cell.label, cell.number)
        return tuple(
            Test(
                name=cell.label,
                source=cell.source,
                points=share,
                hidden=self._hidden(cell),
                hint=cell.get("hint") or "",
                line=cell.line,
            )
            for cell, share in zip(cells, shares, strict=True)
        )

    def _points(self, cells: Sequence[RoleCell]) -> list[float]:
        """Return the points of each test; those that say none share what the whole leaves."""
        said = [self._said_points(cell) for cell in cells]
        total = self._front.points
        if total is None:
            return [1.0 if share is None else share for share in said]
        spent = sum(share for share in said if share is not None)
        silent = said.count(None)
        if (silent and spent >= total > 0) or (not silent and abs(spent - total) > 1e-9):
            self._faults.add(
                f"`points: {total:g}` in the front matter, but the tests say {spent:g}; "
                "take it out, or let some tests say no points",
                cell=1,
            )
        rest = (total - spent) / silent if silent else 0.0
        return [max(rest, 0.0) if share is None else share for share in said]

    def _said_points(self, cell: RoleCell) -> float | None:
        text = cell.get("points")
        if text is None:
            return None
        try:
            return points(text)
        except ValueError as error:
            self._fault(cell, "points", str(error))
            return None

    def _hidden(self, cell: RoleCell) -> bool:
        text = cell.get("hidden")
        if text not in {None, "", "true", "false"}:
            self._fault(cell, "hidden", f"{text!r} is neither true nor false")
        return text in {"", "true"}

    def _wrong(self, cell: RoleCell) -> WrongSolution:
        verdict = Status.WRONG_ANSWER
        said = cell.get("verdict")
        if said is None:
            self._fault(cell, "wrong", "say the verdict it must get: `verdict: wrong_answer`")
        elif said not in list(WRONG_VERDICTS):
            message = f"a wrong solution cannot be expected to get {said!r}"
            self._fault(cell, "verdict", f"{message}{meant(said, WRONG_VERDICTS)}")
        else:
            verdict = Status(said)
        language = self._language(cell)
        return WrongSolution(cell.label, verdict, language, cell.source, cell.number)

    def _check_syntax(self, cell: RoleCell) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(cell.source, f"cell {cell.number}", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or 1
            message = f"a {cell.role} cell is plain Python, and this is not: {error.args[0]}"
            self._faults.add(message, cell=cell.number, line=cell.line + line - 1)

    def _fault(self, cell: RoleCell, option: str, message: str) -> None:
        self._faults.add(message, cell=cell.number, line=cell.line_of(option))


def _joined(cells: Iterable[RoleCell]) -> str:
    return "\n\n".join(cell.source for cell in cells)


__all__ = ["Kind", "ProblemNotebook", "WrongSolution", "is_note", "read_problem"]
