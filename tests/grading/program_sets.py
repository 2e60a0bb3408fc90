"""Sets of real problems, each with programs whose results are known."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbjudge_course.problem import Limits, Problem, Test

DATA = Path(__file__).parents[1] / "material" / "data"
HANGS = "timeout"
PATIENT = Limits(cpu_seconds=5.0, wall_seconds=30.0)
IMPATIENT = Limits(cpu_seconds=0.5, wall_seconds=30.0)
"""For programs that are known never to end."""


@dataclass(frozen=True)
class Program:
    """A program, the problem that it solves or not, and what must come of each test."""

    name: str
    source: str
    problem: Problem
    results: tuple[str, ...]
    """For each test `passed`, `timeout`, or the name of the exception that ends it."""


def humaneval() -> Iterator[Program]:
    """Yield the programs of HumanEval: each problem has one test."""
    for told in _lines("humaneval"):
        source = f"{told['test']}\n\ncheck({told['entry']})\n"
        for program in told["programs"]:
            yield _program(told["task"], program, (source,), "", (program["result"],))


def mbpp() -> Iterator[Program]:
    """Yield the programs of MBPP: each assertion of a problem is a test."""
    for told in _lines("mbpp-sanitized"):
        setup = "\n".join(told["imports"])
        for program in told["programs"]:
            passed = ("passed",) * len(program["tests"])
            results = tuple(program["kinds"]) or passed
            assert [result == "passed" for result in results] == [
                d == "1" for d in program["tests"]
            ]
            task = f"MBPP/{told['task']}"
            yield _program(task, program, tuple(told["tests"]), setup, results)


def _lines(name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(DATA / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _program(
    task: str,
    program: dict[str, Any],
    tests: tuple[str, ...],
    setup: str,
    results: tuple[str, ...],
) -> Program:
    problem = Problem(
        id=task.lower().replace("/", "-"),
        title=task,
        starter={"python": _starter(program["source"])},
        setup=setup,
        limits=IMPATIENT if HANGS in results else PATIENT,
        tests=tuple(Test(name=f"test {n}", source=source) for n, source in enumerate(tests, 1)),
    )
    return Program(f"{task}/{program['name']}", program["source"], problem, results)


def _starter(source: str) -> str:
    """Return the heads of the functions: a problem says which names a student is to define."""
    lines = [line for line in source.splitlines() if line.startswith("def ")]
    return "\n".join(f"{line.partition(':')[0]}:\n    ..." for line in lines)
