"""The grader: loads the cell, runs the tests one by one, and concludes."""

import time
from collections.abc import Callable, Iterator

import msgspec
from nbjudge_course.problem import Problem, Test
from nbjudge_course.submission import Progress
from nbjudge_course.verdict import Status, TestResult, Verdict, conclude

from nbjudge_worker.grading.attempt import Attempt
from nbjudge_worker.grading.inbox import BoxLost, Inbox
from nbjudge_worker.grading.pair import EXAMINER_LIMITS
from nbjudge_worker.grading.plain_text import plain_text
from nbjudge_worker.grading.precompiled import Precompiled
from nbjudge_worker.grading.results import Outcome, told
from nbjudge_worker.grading.watch import Cancelled
from nbjudge_worker.sandbox.box import Role, Sandbox

_RULES_SECONDS = 10.0


class SandboxedGrader:
    """Grades in a sandbox. Not thread-safe: one submission at a time."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._precompiled = Precompiled(sandbox)
        self._last: Attempt | None = None

    def grade(
        self,
        problem: Problem,
        source: str,
        language: str = "python",
        *,
        progress: Callable[[Progress], None] = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
        to_first_failure: bool = False,
    ) -> Verdict:
        """Grade the source. An exception is a fault of the grader, never of the source.

        With `to_first_failure` the tests behind one that fails are left out.
        """
        began = time.monotonic()
        self._let_go()  # nobody has called `rest`
        attempt = self._last = Attempt(
            self._sandbox,
            problem,
            source,
            language,
            precompiled=self._precompiled,
            cancelled=cancelled,
        )
        try:
            failed = attempt.load()
            if failed is None:
                failed = self._against_rules(problem, source, language)
            if failed is not None:
                verdict = _without_tests(problem, failed, attempt.loading_output())
            else:
                verdict = _tested(attempt, problem, progress, to_first_failure=to_first_failure)
        except Cancelled:
            verdict = _without_tests(problem, Outcome(Status.CANCELLED, "cancelled"))
        finally:
            attempt.drop_candidate()
        return _measured(verdict, attempt, time.monotonic() - began)

    def rest(self) -> None:
        """Tidy up and get ready for the next one. Call it when the verdict has been told.

        Until then the examiner, which never met the student's code, just waits: to end it takes
        milliseconds in some engines.
        """
        self._let_go()
        self._precompiled.prepare()
        self._sandbox.tidy()

    def _let_go(self) -> None:
        if self._last is not None:
            self._last.close()
            self._last = None

    def _against_rules(self, problem: Problem, source: str, language: str) -> Outcome | None:
        broken = self._broken_rules(problem, source, language) if problem.rules else ()
        if not broken:
            return None
        return Outcome(Status.WRONG_ANSWER, "\n".join(("this problem has rules:", *broken)))

    def _broken_rules(self, problem: Problem, source: str, language: str) -> tuple[str, ...]:
        if language not in ("python", "javascript"):
            return ()
        rules = [{"demand": r.demand, "what": r.what, "message": r.message} for r in problem.rules]
        box = self._sandbox.take(Role.EXAMINER, EXAMINER_LIMITS)
        try:
            inbox = Inbox(box.channel)
            inbox.send({"op": "rules", "source": source, "rules": rules, "language": language})
            message = inbox.wait(_RULES_SECONDS)
        except BoxLost:
            return ("the source is too much to be read",)
        else:
            return message.broken
        finally:
            box.close()


def _tested(
    attempt: Attempt,
    problem: Problem,
    progress: Callable[[Progress], None],
    *,
    to_first_failure: bool,
) -> Verdict:
    results: dict[int, TestResult] = {}
    for done, (number, test) in enumerate(public_first(problem)):
        progress(Progress(done=done, total=len(problem.tests)))
        results[number] = told(test, attempt.run(number))
        if to_first_failure and results[number].status is not Status.ACCEPTED:
            break
    tests = tuple(results[number] for number in sorted(results))
    return _concluded(tests, attempt.loading_output())


def public_first(problem: Problem) -> Iterator[tuple[int, Test]]:
    """Yield the tests with their numbers, public ones first.

    What the student's code saw in a hidden test can then not be told in a public one.
    """
    numbered = list(enumerate(problem.tests))
    yield from (pair for pair in numbered if not pair[1].hidden)
    yield from (pair for pair in numbered if pair[1].hidden)


def _concluded(tests: tuple[TestResult, ...], output: str) -> Verdict:
    status, cause = conclude(tests)
    return Verdict(
        status=status,
        cause=cause,
        points=sum(test.points for test in tests),
        max_points=sum(test.max_points for test in tests),
        tests=tests,
        output=plain_text(output),
    )


def _without_tests(problem: Problem, outcome: Outcome, output: str = "") -> Verdict:
    """Return the verdict on a submission that came to no test."""
    return Verdict(
        status=outcome.status,
        cause=outcome.status,
        points=0.0,
        max_points=problem.points,
        message=plain_text(outcome.message),
        output=plain_text(output),
    )


def _measured(verdict: Verdict, attempt: Attempt, wall_seconds: float) -> Verdict:
    return msgspec.structs.replace(
        verdict,
        cpu_seconds=round(attempt.cpu_seconds, 6),
        wall_seconds=round(wall_seconds, 6),
        memory_bytes=attempt.memory_bytes,
    )
