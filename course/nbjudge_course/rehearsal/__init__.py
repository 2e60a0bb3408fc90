"""Rehearsing a problem before students meet it: it can be solved, and only by solving it."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

from msgspec.structs import replace

from nbjudge_course.errors import BadProblem, NbjudgeError
from nbjudge_course.faults import BadNotebook
from nbjudge_course.notebook import ProblemNotebook, read_problem
from nbjudge_course.options import Role
from nbjudge_course.problem import Limits, Problem
from nbjudge_course.rehearsal.mutants import mutants
from nbjudge_course.rehearsal.report import Finding, Rehearsal, Strength, Survivor
from nbjudge_course.release import leaks, student_notebook
from nbjudge_course.verdict import Status, Verdict


class Grade(Protocol):
    """Begins to grade a source in a language, in the real sandbox."""

    def __call__(
        self, problem: Problem, source: str, language: str, *, to_first_failure: bool = False
    ) -> "Future[Verdict]":
        """Grade with all tests, or only up to the first that fails."""
        ...


RunAll = Callable[[ProblemNotebook], "Future[list[Finding]]"]

_MUTANT_TIMES, _MUTANT_LEAST_SECONDS = 5.0, 0.3
_LOUD = 0.5
"""The share of a limit that a solution may use."""


def rehearse(
    path: Path, grade: Grade, run_all: RunAll | None = None, *, most_mutants: int = 40
) -> Rehearsal:
    """Rehearse the problem of a notebook. What is wrong is a finding, never an exception."""
    try:
        notebook = read_problem(path)
    except (NbjudgeError, OSError) as error:
        return Rehearsal(path.stem, str(path), passed=False, findings=tuple(_faults(error)))
    running = run_all(notebook) if run_all is not None else None
    problem = _told(notebook.problem)
    findings = [*_graded(notebook, problem, grade), *_given_away(notebook)]
    if running is not None:
        findings += running.result()
    solved = not any(finding.kind == "solution" for finding in findings)
    strength = _strength(notebook, problem, grade, most_mutants) if solved else None
    findings.sort(key=lambda finding: finding.cell or 0)
    passed = not findings
    return Rehearsal(problem.id, str(path), passed, tuple(findings), strength)


def _faults(error: Exception) -> Iterator[Finding]:
    if isinstance(error, BadNotebook):
        for fault in error.faults:
            yield Finding("notebook", fault.message, fault.cell, fault.line)
    else:
        said = str(error) if isinstance(error, BadProblem) else f"it cannot be read: {error}"
        yield Finding("notebook", said)


def _told(problem: Problem) -> Problem:
    """Return the problem with all tests public: its author may see what they say."""
    return replace(problem, tests=tuple(replace(test, hidden=False) for test in problem.tests))


def _graded(notebook: ProblemNotebook, problem: Problem, grade: Grade) -> Iterator[Finding]:
    """Grade the author's programs, all at once, and compare with what they should get."""
    cells = {
        cell.source: cell.number for cell in notebook.roles.values() if cell.role is Role.SOLUTION
    }
    solutions = {
        language: grade(problem, source, language)
        for language, source in notebook.solutions.items()
    }
    wrong = [
        (
            wrong,
            grade(
                problem,
                wrong.source,
                wrong.language,
                to_first_failure=wrong.verdict is not Status.PARTIAL,  # its points need all tests
            ),
        )
        for wrong in notebook.wrong
    ]
    starters = {
        language: grade(problem, source, language, to_first_failure=True)
        for language, source in problem.starter.items()
    }
    if not solutions:
        yield Finding("solution", "there is no `solution` cell, so nothing shows it can be solved")
    for language, coming in solutions.items():
        cell = cells.get(notebook.solutions[language])
        yield from _of_solution(problem, coming.result(), cell)
    for program, coming in wrong:
        verdict = coming.result()
        if program.verdict not in (verdict.status, verdict.cause):
            said = f"`{program.why}` gets {_named(verdict)} instead of {program.verdict}"
            yield Finding("wrong", said, program.cell)
    for language, coming in starters.items():
        if coming.result().status is Status.ACCEPTED:
            yield Finding("starter", f"the {language} starter is accepted as it stands")


def _of_solution(problem: Problem, verdict: Verdict, cell: int | None) -> Iterator[Finding]:
    if verdict.status is not Status.ACCEPTED:
        said = verdict.message
        for test in verdict.tests:
            if test.status is not Status.ACCEPTED:
                said = f"in the test `{test.name}`: {test.message}"
                break
        yield Finding("solution", f"the solution gets {_named(verdict)}: {said}".strip(), cell)
        return
    limits = problem.limits
    cpu = max((test.cpu_seconds or 0.0 for test in verdict.tests), default=0.0)
    if cpu > _LOUD * limits.cpu_seconds:
        said = f"the solution takes {cpu:.2f} s of the {limits.cpu_seconds:g} s of CPU time"
        yield Finding("limits", f"{said}: allow twice what it takes", cell)
    if verdict.memory_bytes > _LOUD * limits.memory_bytes:
        held, most = verdict.memory_bytes >> 20, limits.memory_bytes >> 20
        said = f"the solution holds {held} MiB of {most} MiB: allow twice what it holds"
        yield Finding("limits", said, cell)


def _given_away(notebook: ProblemNotebook) -> Iterator[Finding]:
    for leak in leaks(notebook, student_notebook(notebook)):
        yield Finding("leak", f"students would read {leak}")


def _strength(
    notebook: ProblemNotebook, problem: Problem, grade: Grade, most: int
) -> Strength | None:
    """Grade mutants of the Python solution; None when there is none or none is wanted."""
    source = notebook.solutions.get("python")
    if source is None or most == 0:
        return None
    right = grade(problem, source, "python").result()
    quick = replace(problem, limits=_quick(problem.limits, right))
    begun = [
        (mutant, grade(quick, mutant.source, "python", to_first_failure=True))
        for mutant in mutants(source, most)
    ]
    survivors = tuple(
        Survivor(mutant.diff, mutant.line)
        for mutant, coming in begun
        if coming.result().status is Status.ACCEPTED
    )
    return Strength(len(begun) - len(survivors), len(begun), survivors)


def _quick(limits: Limits, right: Verdict) -> Limits:
    """Return limits that end an endless mutant soon, and are ample for the solution."""
    took = max([right.cpu_seconds, *(test.cpu_seconds or 0.0 for test in right.tests)])
    cpu = min(limits.cpu_seconds, max(_MUTANT_LEAST_SECONDS, _MUTANT_TIMES * took))
    return replace(limits, cpu_seconds=cpu, wall_seconds=min(limits.wall_seconds, 3 * cpu + 1))


def _named(verdict: Verdict) -> str:
    if verdict.status is Status.PARTIAL:
        return f"{verdict.cause} ({verdict.points:g} of {verdict.max_points:g} points)"
    return str(verdict.status)


__all__ = ["Finding", "Grade", "Rehearsal", "RunAll", "Strength", "Survivor", "rehearse"]
