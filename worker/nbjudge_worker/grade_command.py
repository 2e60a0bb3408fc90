"""`nbjudge grade`: sources against a problem notebook on this machine, with the real sandbox."""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack
from functools import lru_cache
from multiprocessing import get_context
from multiprocessing.util import Finalize
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import msgspec
from nbjudge_course.errors import BadMessage, NbjudgeError
from nbjudge_course.languages import ENDINGS
from nbjudge_course.problem import Problem
from nbjudge_course.verdict import Status, Verdict

from nbjudge_worker.grade import open_grader
from nbjudge_worker.grading import SandboxedGrader
from nbjudge_worker.sandbox.engines import ENGINES

BAD_USAGE = 2
GRADER_FAILED = 3


class Task(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One source to grade, as a line of standard input gives it."""

    problem: str
    source: str
    language: str = "python"
    file: str = ""


Handed = tuple[Task, Future[Verdict]]


def main(arguments: Sequence[str]) -> int:
    """Grade source files on this machine: `nbjudge grade PROBLEM.ipynb FILE...`."""
    options = _parser().parse_args(arguments)
    try:
        tasks = _tasks(options.problem, options.files)
        worst = 0
        for task, verdict in _graded(tasks, options.sandbox, options.jobs):
            sys.stdout.write(_line(task, verdict) if options.json else _text(task, verdict))
            sys.stdout.flush()
            if verdict.status is Status.INTERNAL_ERROR:
                worst = GRADER_FAILED
    except (NbjudgeError, OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        sys.stderr.write(f"nbjudge grade: {error}\n")
        return BAD_USAGE
    return worst


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nbjudge grade", description=main.__doc__)
    parser.add_argument("problem", help="a problem's notebook, or - to read tasks as lines of JSON")
    parser.add_argument("files", nargs="*", type=Path, help="sources, the language by their ending")
    parser.add_argument("--json", action="store_true", help="one line of JSON for each source")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="grade N at once")
    parser.add_argument("--sandbox", default="auto", help=f"the engine: {', '.join(ENGINES)}")
    return parser


def _tasks(problem: str, files: Sequence[Path]) -> Iterable[Task]:
    if problem == "-":
        return (msgspec.json.decode(line, type=Task) for line in sys.stdin if line.strip())
    _problem(problem)  # what is wrong with it is told before anything is graded
    if not files:
        raise BadMessage("no source was given to grade")
    return [_task(problem, file) for file in files]


def _task(problem: str, file: Path) -> Task:
    source = file.read_text("utf-8", errors="surrogateescape")  # odd bytes are for the compiler
    return Task(problem, source, ENDINGS.get(file.suffix.lower(), "python"), str(file))


def _graded(tasks: Iterable[Task], sandbox: str, jobs: int) -> Iterator[tuple[Task, Verdict]]:
    if jobs <= 1:
        with open_grader(sandbox) as grader:
            yield from ((task, _grade(grader, task)) for task in tasks)
        return
    context = get_context("forkserver")  # forks are asked for by a thread
    with ProcessPoolExecutor(jobs, context, _open_here, (sandbox,)) as pool:
        handed: Queue[Handed | None] = Queue(2 * jobs)
        Thread(target=_hand_out, args=(tasks, pool, handed), daemon=True).start()
        while (one := handed.get()) is not None:
            task, verdict = one
            yield task, verdict.result()


def _hand_out(tasks: Iterable[Task], pool: Executor, handed: "Queue[Handed | None]") -> None:
    """Hand out tasks as they come: who writes them may wait for a verdict before the next."""
    try:
        for task in tasks:
            handed.put((task, pool.submit(_grade_here, task)))
    except Exception as error:  # noqa: BLE001  # it is raised where verdicts are awaited
        failed: Future[Verdict] = Future()
        failed.set_exception(error)
        handed.put((Task("", ""), failed))
    handed.put(None)


def _grade(grader: SandboxedGrader, task: Task) -> Verdict:
    problem = _problem(task.problem)
    if task.language not in problem.languages:
        offered = ", ".join(problem.languages)
        raise BadMessage(f"{task.file or task.problem}: {task.language} is not among {offered}")
    try:
        return grader.grade(problem, task.source, task.language)
    finally:
        grader.rest()


@lru_cache(maxsize=64)
def _problem(path: str) -> Problem:
    # Reading notebooks belongs to authoring; a worker that only grades does without it.
    from nbjudge_course.notebook import read_problem  # noqa: PLC0415

    return read_problem(path).problem


# ---- One grader for each process of the pool
_open = ExitStack()
_here: list[SandboxedGrader] = []


def _open_here(sandbox: str) -> None:
    _here.append(_open.enter_context(open_grader(sandbox)))
    Finalize(None, _open.close, exitpriority=1)  # atexit is not for processes of a pool


def _grade_here(task: Task) -> Verdict:
    return _grade(_here[0], task)


# ---- Telling


def _line(task: Task, verdict: Verdict) -> str:
    told: dict[str, Any] = {
        "file": task.file or task.problem,
        "verdict": verdict.status,
        "cause": verdict.cause,
        "points": verdict.points,
        "max_points": verdict.max_points,
        "message": verdict.message,
        "tests": [
            {
                "name": test.name,
                "verdict": test.status,
                "points": test.points,
                "hidden": test.hidden,
                "message": test.message,
            }
            for test in verdict.tests
        ],
        "cpu_seconds": verdict.cpu_seconds,
        "wall_seconds": verdict.wall_seconds,
        "memory_bytes": verdict.memory_bytes,
    }
    return json.dumps(told) + "\n"


def _text(task: Task, verdict: Verdict) -> str:
    points = f"{verdict.points:g}/{verdict.max_points:g}"
    head = f"{task.file or task.problem}: {verdict.status} {points}"
    lines = [head, *(f"  {line}" for line in verdict.message.splitlines())]
    for test in verdict.tests:
        lines.append(f"  {test.name}: {test.status} {test.points:g}/{test.max_points:g}")
        lines += [f"    {line}" for line in test.message.splitlines()]
    return "\n".join(lines) + "\n"
