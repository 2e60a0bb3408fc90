"""The stage of a rehearsal: graders in processes of their own, and threads that run kernels."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import Protocol

from nbjudge_course.errors import Unavailable
from nbjudge_course.notebook import ProblemNotebook
from nbjudge_course.problem import Problem
from nbjudge_course.rehearsal.kernel import run_all
from nbjudge_course.rehearsal.report import Finding
from nbjudge_course.verdict import Verdict

GROUP = "nbjudge.graders"


class Grader(Protocol):
    """What a rehearsal needs of a grader; the worker's distribution brings one."""

    def grade(
        self, problem: Problem, source: str, language: str, *, to_first_failure: bool
    ) -> Verdict:
        """Grade the source in the sandbox, with all tests or up to the first that fails."""
        ...


@dataclass(frozen=True)
class Stage:
    """Where programs are graded and notebooks are run, several at once."""

    graders: ProcessPoolExecutor
    kernels: ThreadPoolExecutor

    def grade(
        self, problem: Problem, source: str, language: str, *, to_first_failure: bool = False
    ) -> "Future[Verdict]":
        """Begin to grade a source."""
        return self.graders.submit(_grade, problem, source, language, to_first_failure)

    def run_all(self, problem: ProblemNotebook) -> "Future[list[Finding]]":
        """Begin to run all cells of a notebook."""
        return self.kernels.submit(run_all, problem)


@contextmanager
def open_stage(sandbox: str = "auto", jobs: int = 0) -> Iterator[Stage]:
    """Open the stage; 0 jobs are one for each core. Raises Unavailable when nothing can grade."""
    jobs = jobs or len(os.sched_getaffinity(0))
    opener = _opener()
    with (
        ProcessPoolExecutor(jobs, initializer=_open, initargs=(opener, sandbox)) as graders,
        ThreadPoolExecutor(jobs) as kernels,
    ):
        failed = graders.submit(_ready).result()
        if failed:
            raise Unavailable(failed)
        try:
            yield Stage(graders, kernels)
        finally:
            graders.shutdown(cancel_futures=True)
            kernels.shutdown(cancel_futures=True)


def _opener() -> Callable[[str], AbstractContextManager[Grader]]:
    for point in entry_points(group=GROUP):
        opener: Callable[[str], AbstractContextManager[Grader]] = point.load()
        return opener
    raise Unavailable("nothing here can grade: pip install nbjudge-worker")


# ---- In each process of the pool
_stack = ExitStack()
_here: list[Grader] = []
_failed: list[str] = []


def _open(opener: Callable[[str], AbstractContextManager[Grader]], sandbox: str) -> None:
    signal.signal(signal.SIGINT, _give_up)
    try:
        _here.append(_stack.enter_context(opener(sandbox)))
    except Unavailable as error:
        _failed.append(str(error))


def _give_up(*_: object) -> None:
    """End what is being graded, without a word: the process that has the pool tells people."""
    raise SystemExit(130)


def _ready() -> str:
    return "".join(_failed)


def _grade(problem: Problem, source: str, language: str, to_first_failure: bool) -> Verdict:  # noqa: FBT001  # by the pool
    return _here[0].grade(problem, source, language, to_first_failure=to_first_failure)
