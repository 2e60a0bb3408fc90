"""The real grader, once for each engine that is asked for, shared by the suites that grade.

NBJUDGE_TEST_SANDBOXES names the engines. Those that take a second for each submission grade a
part of every suite, with every category in it, unless NBJUDGE_TEST_WHOLE is set.
"""

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from docker_daemon import LANGUAGES
from msgspec import structs
from nbjudge_course.problem import Problem

ENGINES = os.environ.get(
    "NBJUDGE_TEST_SANDBOXES", "bubblewrap,docker-shared,docker,docker:runsc"
).split(",")
assert "none" not in ENGINES, "attacks kill, fill and flood: never without a sandbox"
SLOW = ("docker", "docker:runsc")
_PATIENCE = 4
CHANGED_BY_GVISOR = ("escape/limits_raised",)
"""It lets anybody raise a priority, which has no effect: see docs/explanation/sandboxes.md."""
WHOLE = "NBJUDGE_TEST_WHOLE" in os.environ


@contextmanager
def opened_grader(engine: str) -> Iterator[Any]:
    """Open a grader; `docker_host` must be there when its engine needs it."""
    from nbjudge_worker.grade import open_grader

    with open_grader(engine) as opened:
        yield _Patient(opened) if engine == "docker:runsc" else opened


class _Patient:
    """Allows more time: without a processor's help gVisor is slow with memory and system calls."""

    def __init__(self, grader: Any) -> None:
        self._grader = grader

    def grade(self, problem: Problem, *told: Any, **more: Any) -> Any:
        """Grade as the grader does."""
        limits = problem.limits
        longer = structs.replace(
            limits,
            cpu_seconds=limits.cpu_seconds * _PATIENCE,
            wall_seconds=limits.wall_seconds * _PATIENCE,
        )
        return self._grader.grade(structs.replace(problem, limits=longer), *told, **more)

    def rest(self) -> None:
        """Rest as the grader does."""
        self._grader.rest()


@pytest.fixture(scope="session", params=ENGINES)
def grader(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Return a grader with the engine's real sandbox."""
    if request.param.startswith("docker"):
        request.getfixturevalue("docker_host")
    with opened_grader(request.param) as opened:
        yield opened


def left_out(items: list[pytest.Item], each: int, slow: Sequence[str] = SLOW) -> list[pytest.Item]:
    """Return the tests to leave out: most of a slow engine's, and what no image can run.

    Of each category the first stays, and every so many after it.
    """
    seen: Counter[tuple[str, ...]] = Counter()
    out = []
    for item in items:
        parameters = item.callspec.params if hasattr(item, "callspec") else {}
        engine, case = parameters.get("grader", ""), _case(parameters)
        if not engine.startswith("docker"):
            continue
        emulated = engine == "docker:runsc" and getattr(case, "name", "") in CHANGED_BY_GVISOR
        if emulated or getattr(case, "language", "python") not in LANGUAGES:
            out.append(item)
        elif engine in slow and not WHOLE:
            category = case.name.partition("/")[0] if case else ""  # the folder of the case
            key = (engine, item.originalname, category)  # type: ignore[attr-defined]  # a function's
            if seen[key] % each:
                out.append(item)
            seen[key] += 1
    return out


def _case(parameters: Mapping[str, Any]) -> Any:
    return parameters.get("case") or parameters.get("program")


def leave_out(
    config: pytest.Config,
    items: list[pytest.Item],
    folder: Path,
    each: int,
    slow: Sequence[str] = SLOW,
) -> None:
    """Deselect them among the tests of this folder."""
    out = left_out([item for item in items if item.path.is_relative_to(folder)], each, slow)
    if out:
        config.hook.pytest_deselected(items=out)
        gone = set(out)
        items[:] = [item for item in items if item not in gone]
