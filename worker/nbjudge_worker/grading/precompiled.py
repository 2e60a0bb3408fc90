"""The tests of problems as bytecode: compiled once, in a box that never meets a student's code.

Compiling the tests takes longer than running most of them, and it is the same for every submission.
"""

from collections import OrderedDict

from nbjudge_course.problem import Problem

from nbjudge_worker.grading.inbox import BoxLost, Inbox
from nbjudge_worker.grading.pair import EXAMINER_LIMITS
from nbjudge_worker.sandbox.box import Role, Sandbox

_PROBLEMS = 64
_SECONDS = 10.0

Codes = tuple[str, ...]
"""For each test its code, marshalled, in base64. Only a box of this machine reads it."""


class Precompiled:
    """The compiled tests of the problems that were graded last."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._known: OrderedDict[int, tuple[Problem, Codes]] = OrderedDict()
        self._asked: Problem | None = None

    def of(self, problem: Problem) -> Codes:
        """Return the compiled tests; nothing when they are not compiled yet."""
        known = self._known.get(id(problem))
        if known is None:
            self._asked = problem
            return ()
        self._known.move_to_end(id(problem))
        return known[1]

    def prepare(self) -> None:
        """Compile the tests that were asked for last. Call it when nobody waits."""
        problem, self._asked = self._asked, None
        if problem is not None:
            self._known[id(problem)] = problem, self._compiled(problem)
            while len(self._known) > _PROBLEMS:
                self._known.popitem(last=False)

    def _compiled(self, problem: Problem) -> Codes:
        box = self._sandbox.take(Role.EXAMINER, EXAMINER_LIMITS)
        try:
            inbox = Inbox(box.channel)
            tests = [{"name": test.name, "source": test.source} for test in problem.tests]
            inbox.send({"op": "compile", "tests": tests})
            codes = inbox.wait(_SECONDS).codes
        except BoxLost:  # a test that is too much for the compiler: each examiner says so
            return ()
        else:
            return codes if len(codes) == len(problem.tests) else ()
        finally:
            box.close()
