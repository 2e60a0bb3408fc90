"""One attempt at a problem: boxes are taken, replaced when they are lost, and freed in the end."""

import re
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nbjudge_course.errors import Unavailable
from nbjudge_course.languages import LANGUAGES, LANGUAGES_OF, Language
from nbjudge_course.problem import Kind, Problem
from nbjudge_course.verdict import Status

from nbjudge_worker.grading.compiling import Program, compiled, missing, with_own_needs
from nbjudge_worker.grading.inbox import BoxLost, BoxMessage
from nbjudge_worker.grading.pair import EXAMINER_LIMITS, Candidate, Examiner, loading
from nbjudge_worker.grading.precompiled import Precompiled
from nbjudge_worker.grading.results import Outcome, outcome_of, stopped
from nbjudge_worker.grading.watch import Budget, ExaminerOverrun, wait_for
from nbjudge_worker.sandbox.box import Role, Sandbox

_ASYNC = re.compile(r"\b(?:async|await|asyncio)\b")
_LIBRARY = re.compile(r"^\s*(?:import|from)\s+(numpy|pandas)\b", re.MULTILINE)


class Attempt:
    """The candidate and the examiner of one submission. A test that hangs costs that test only."""

    def __init__(
        self,
        sandbox: Sandbox,
        problem: Problem,
        source: str,
        language: str,
        *,
        precompiled: Precompiled,
        cancelled: Callable[[], bool],
    ) -> None:
        self._sandbox, self._precompiled = sandbox, precompiled
        self._problem, self._source = problem, source
        self._language, self._cancelled = language, cancelled
        self._libraries = libraries_of(problem)
        self._started = _started_by_a_command(problem, language)
        self._is_program = problem.kind is Kind.PROGRAM
        self._program: Program | None = None
        self._candidate: Candidate | None = None
        self._examiner: Examiner | None = None
        self._setup: Outcome | None = None
        self._connected = False
        self._loading_output: str | None = None
        self.cpu_seconds = 0.0
        """CPU time of the student's code so far."""
        self.memory_bytes = 0
        """The most memory that one box of it held."""

    def load(self) -> Outcome | None:
        """Run the student's cell in a fresh box and connect it. Return how it failed, if it did."""
        if self._started is not None and self._is_program and self._program is None:
            made = compiled(self._sandbox, self._started, self._source, self._cancelled)
            if isinstance(made, Outcome):
                return made
            self._program = made
        self._examiner = self._examiner or self._new_examiner()
        limits = with_own_needs(self._problem.limits, self._started)
        box = self._sandbox.take(Role.CANDIDATE, limits, self._libraries)
        candidate = self._candidate = Candidate(box)
        budget = Budget(
            candidate, self._problem.limits, turns_only=False, own_cpu_seconds=self._own_seconds
        )
        budget.allow_a_run()
        try:
            line = candidate.load(self._job())
            with line:
                message = self._report(candidate, budget)
                failed = self._load_failure(budget, message)
                if failed is None:
                    self._connect(line, candidate)
        except (BoxLost, ExaminerOverrun):
            failed = stopped(candidate.why())
        if self._loading_output is None:
            self._loading_output = candidate.printed(0, candidate.printed_bytes())
        if failed is not None:
            self.drop_candidate()
        return failed

    def loading_output(self) -> str:
        """Return what the cell printed when it ran."""
        return self._loading_output or ""

    def run(self, number: int) -> Outcome:
        """Run one test; load the cell anew first when its candidate is gone."""
        if self._candidate is None and (failed := self.load()) is not None:
            return failed
        if self._setup is not None and self._setup.status is not Status.ACCEPTED:
            return self._setup
        candidate, examiner = self._candidate, self._examiner
        assert candidate is not None
        assert examiner is not None
        printed = candidate.printed_bytes()
        budget = Budget(
            candidate, self._problem.limits, turns_only=True, own_cpu_seconds=self._own_seconds
        )
        outcome = self._ran(number, candidate, examiner, budget)
        outcome = replace(
            outcome,
            output=candidate.printed(printed, candidate.printed_bytes()),
            cpu_seconds=budget.cpu_seconds(),
            memory_bytes=budget.used.memory_bytes,
        )
        if candidate.ended():
            self.drop_candidate()
        return outcome

    def close(self) -> None:
        """Free the boxes. May be called twice."""
        self.drop_candidate()
        self._drop_examiner()

    def drop_candidate(self) -> None:
        """Free the box of the student's code, if there is one, and count what it has used."""
        if self._candidate is not None:
            used = self._candidate.usage()
            self.cpu_seconds += used.cpu_seconds
            self.memory_bytes = max(self.memory_bytes, used.memory_bytes)
            self._candidate.close()
            self._candidate = None

    @property
    def _own_seconds(self) -> float:
        """What the language takes to start, which is not the student's."""
        return self._started.own_cpu_seconds if self._started else 0.0

    def _job(self) -> dict[str, Any]:
        memory_bytes = self._problem.limits.memory_bytes
        program = self._program.job(memory_bytes) if self._program else None
        return loading(self._problem, self._source, self._language, program)

    def _ran(
        self, number: int, candidate: Candidate, examiner: Examiner, budget: Budget
    ) -> Outcome:
        try:
            examiner.inbox.send({"op": "run", "test": number})
            message = wait_for(examiner.inbox, budget, examiner.ended, self._cancelled)
        except (BoxLost, ExaminerOverrun):
            return self._lost_examiner(candidate, examiner)
        return self._judged(message, candidate, budget)

    def _judged(self, message: BoxMessage, candidate: Candidate, budget: Budget) -> Outcome:
        if candidate.stopped is None and (limit := budget.exceeded()) is not None:
            candidate.stop(limit)
        if candidate.stopped is not None:
            return stopped(candidate.stopped)
        if message.outcome == "gone":
            candidate.settle()
            return stopped(candidate.why())
        return outcome_of(message)

    def _report(self, candidate: Candidate, budget: Budget) -> BoxMessage:
        """Wait until the cell has run. Raises Unavailable when what runs it is not here.

        Of a cell in another language its box tells that first, when no line of the cell has run:
        after that, all that comes may be the student's.
        """
        message = wait_for(candidate.inbox, budget, candidate.ended, self._cancelled)
        if self._started is None or self._is_program:
            return message
        if message.op == "missing":
            raise missing(self._started)
        if message.op == "found":
            return wait_for(candidate.inbox, budget, candidate.ended, self._cancelled)
        return message

    def _load_failure(self, budget: Budget, message: BoxMessage) -> Outcome | None:
        candidate = budget.candidate
        limit = budget.exceeded()
        if limit is not None:
            candidate.stop(limit)
            return stopped(limit)
        if message.op == "loaded":
            return None
        known = {Status.COMPILE_ERROR, Status.RUNTIME_ERROR, Status.MEMORY_LIMIT_EXCEEDED}
        status = Status(message.status) if message.status in known else Status.RUNTIME_ERROR
        return Outcome(status, message.message)

    def _connect(self, line: socket.socket, candidate: Candidate) -> None:
        """Give the examiner the line to a new candidate; the author's setup runs then."""
        assert self._examiner is not None
        examiner, budget = self._examiner, Budget(candidate, self._problem.limits, turns_only=True)
        try:
            if self._connected:
                examiner.inbox.send({"op": "line"})
            wait_for(examiner.inbox, budget, examiner.ended, self._cancelled)  # it is ready
            examiner.connect(line, candidate.clock_file)
            message = wait_for(examiner.inbox, budget, examiner.ended, self._cancelled)
        except (BoxLost, ExaminerOverrun):
            self._setup = self._lost_examiner(candidate, examiner)
            return
        self._connected = True
        self._setup = self._judged(message, candidate, budget)

    def _lost_examiner(self, candidate: Candidate, examiner: Examiner) -> Outcome:
        """The examiner ended or hangs: what it was given to check was too much for it."""
        status = candidate.stopped or (
            Status.MEMORY_LIMIT_EXCEEDED if examiner.out_of_memory() else Status.TIME_LIMIT_EXCEEDED
        )
        candidate.stop(status)
        self._drop_examiner()
        return Outcome(status, "checking the answer takes more than it may")

    def _new_examiner(self) -> Examiner:
        examiner = Examiner(self._sandbox.take(Role.EXAMINER, EXAMINER_LIMITS, self._libraries))
        examiner.prepare(self._problem, self._language, self._precompiled.of(self._problem))
        return examiner

    def _drop_examiner(self) -> None:
        if self._examiner is not None:
            self._examiner.close()
            self._examiner, self._connected = None, False


def libraries_of(problem: Problem) -> tuple[str, ...]:
    """Return the libraries to hold ready: those named, and those that the problem imports."""
    sources = [problem.setup, problem.shared, *problem.starter.values()]
    sources += [test.source for test in problem.tests]
    found = {match for source in sources for match in _LIBRARY.findall(source)}
    if any(_ASYNC.search(source) for source in sources):
        found.add("asyncio")
    return tuple(sorted(found.union(problem.libraries)))


def _started_by_a_command(problem: Problem, language: str) -> Language | None:
    """Return the language when it is no Python, which runs in a warm interpreter."""
    if language == "python":
        return None
    known = LANGUAGES_OF[problem.kind]
    if language not in known:
        raise Unavailable(f"{language} is no language of a {problem.kind}: {', '.join(known)}")
    return LANGUAGES[language]
