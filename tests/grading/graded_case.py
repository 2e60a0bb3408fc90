"""A graded case: a source with a header of TOML comments that says the problem and the verdict.

    # /// case
    # verdicts = ["time_limit_exceeded"]
    # limits = { wall_seconds = 1.0 }
    # [[tests]]
    # source = "assert double(2) == 4"
    # ///
    while True: ...

What follows the header is the student's source, with its own line numbers. The ending of the file
is its language, and in languages whose comments begin with `//` so does the header.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbjudge_course.problem import File, Kind, Limits, Problem, Rule, Test
from nbjudge_course.verdict import Verdict
from nbjudge_course.wire import encode

LANGUAGES = {
    ".py": "python", ".c": "c", ".cpp": "cpp", ".java": "java", ".js": "javascript", ".go": "go",
    ".rs": "rust", ".R": "r", ".sh": "bash",
}  # fmt: skip
MARKS = dict.fromkeys((".c", ".cpp", ".java", ".js", ".go", ".rs"), "// ")


@dataclass(frozen=True)
class Case:
    """A source, the problem that it is handed in for, and what must come of it."""

    name: str
    problem: Problem
    source: str
    language: str
    verdicts: tuple[str, ...]
    """Any of these is right."""
    cause: str = ""
    points: float | None = None
    results: tuple[str, ...] = ()
    """The status of each test, in the order of the problem."""
    says: tuple[str, ...] = ()
    """Each must stand somewhere in the verdict's texts."""
    never: tuple[str, ...] = ()
    """None may stand there."""
    times: int = 1
    """How often it is handed in, one after the other."""


def read_case(
    path: Path,
    verdicts: tuple[str, ...],
    *,
    targets: Mapping[str, Problem] | None = None,
    target: str | None = None,
) -> Case:
    """Read one file.

    `target` in its header names one of the targets, which is the problem; without a target the
    header is the problem itself.
    """
    text = path.read_text("utf-8")
    mark = MARKS.get(path.suffix, "# ")
    header, source = "", text
    if text.startswith(f"{mark}/// case\n"):
        header, source = text.removeprefix(f"{mark}/// case\n").split(f"{mark}///\n", 1)
    told = tomllib.loads("".join(line[len(mark) :] or "\n" for line in header.splitlines(True)))
    target = told.pop("target", target)
    expected: dict[str, Any] = {
        key: tuple(told.pop(key, ())) for key in ("results", "says", "never")
    }
    case = {key: told.pop(key) for key in ("cause", "points", "times") if key in told}
    allowed = tuple(told.pop("verdicts", verdicts))
    language = told.pop("language", LANGUAGES[path.suffix])
    problem = problem_of(told) if target is None else (targets or {})[target]
    if target is not None and told:
        raise ValueError(f"{path}: {sorted(told)} beside a target")
    name = f"{path.parent.name}/{path.stem}{path.suffix.removesuffix('.py')}"
    return Case(name, problem, source, language, allowed, **expected, **case)


def problem_of(table: Mapping[str, Any]) -> Problem:
    """Build a problem from a table; tests need no name."""
    rest = dict(table)
    tests = rest.pop("tests", [{"source": "pass"}])
    limits = {"cpu_seconds": 1.0, "wall_seconds": 4.0, **rest.pop("limits", {})}
    files = rest.pop("files", {})
    return Problem(
        id="case",
        title="A case",
        kind=Kind(rest.pop("kind", "function")),
        limits=Limits(**limits),
        tests=tuple(Test(**{"name": f"test {i}", **test}) for i, test in enumerate(tests, 1)),
        rules=tuple(Rule(**rule) for rule in rest.pop("rules", [])),
        files=tuple(File(name=name, content=text.encode()) for name, text in files.items()),
        languages=tuple(rest.pop("languages", ["python"])),
        libraries=tuple(rest.pop("libraries", [])),
        **rest,
    )


def read_targets(path: Path) -> dict[str, Problem]:
    """Read the problems of a TOML file by their names; they share its limits."""
    tables = tomllib.loads(path.read_text("utf-8"))
    limits = tables.pop("limits")
    return {name: problem_of({**table, "limits": limits}) for name, table in tables.items()}


def texts(verdict: Verdict) -> str:
    """Return all that a student can read of a verdict, as it travels."""
    parts = [verdict.message, verdict.output]
    for test in verdict.tests:
        parts += [test.name, test.message, test.expected or "", test.got or "", test.output]
    return "\n".join(parts)


def check(case: Case, verdict: Verdict) -> None:
    """Assert that the verdict is what the case asks for."""
    encode(verdict)  # it can travel: no lone surrogate, nothing that is no number
    told = texts(verdict)
    assert verdict.status in case.verdicts, verdict
    assert not case.cause or verdict.cause == case.cause, verdict
    assert case.points is None or verdict.points == case.points, verdict
    if case.results:
        assert tuple(test.status.value for test in verdict.tests) == case.results, verdict
    assert [text for text in case.says if text not in told] == [], verdict
    assert [text for text in case.never if text in told] == [], verdict
