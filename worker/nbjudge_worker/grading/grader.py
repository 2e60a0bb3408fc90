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

    def grade(
        self,
        problem: Problem,
        source: str,
        language: str = "python",
        *,
        progress: Callable[[Progress], None] = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Verdict:
        """Grade the source. An exception is a fault of the grader, never of the source."""
        began = time.monotonic()
        attempt = Attempt(
            self._sandbox,
            problem,
            source,
            language,
            precompiled=self._precompiled,
            cancelled=cancelled,
        )
        try:
            verdict = self._graded(attempt, problem, source, language, progress)
        except Cancelled:
            verdict = _without_tests(problem, Outcome(Status.CANCELLED, "cancelled"))
        finally:
            attempt.close()
        return _measured(verdict, attempt, time.monotonic() - began)

    def rest(self) -> None:
        """Tidy up and get ready for the next one. Call it when the verdict has been told."""
        self._precompiled.prepare()
        self._sandbox.tidy()

    def _graded(
        self,
        attempt: Attempt,
        problem: Problem,
        source: str,
        language: str,
        progress: Callable[[Progress], None],
    ) -> Verdict:
        failed = attempt.load()
        if failed is not None:
            return _without_tests(problem, failed, attempt.loading_output())
        broken = self._broken_rules(problem, source, language) if problem.rules else ()
        if broken:
            message = "\n".join(("this problem has rules:", *broken))
            return _without_tests(problem, Outcome(Status.WRONG_ANSWER, message))
        results: dict[int, TestResult] = {}
        for done, (number, test) in enumerate(public_first(problem)):
            progress(Progress(done=done, total=len(problem.tests)))
            results[number] = told(test, attempt.run(number))
        tests = tuple(results[number] for number in sorted(results))
        return _concluded(tests, attempt.loading_output())

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
