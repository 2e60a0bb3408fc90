"""What the crowd hands in: programs whose right verdict is known and never depends on luck.

Each prints a tag of its own, which comes back in its verdict: one that went to another shows.
"""

from dataclasses import dataclass

import msgspec
from nbjudge_course.problem import Limits, Problem, Test
from nbjudge_course.verdict import Status, Verdict

PROBLEM = Problem(
    id="digits",
    title="Sum of digits",
    limits=Limits(cpu_seconds=0.3, output_bytes=4096),
    tests=(
        Test(name="one digit", source="assert digits(7) == 7"),
        Test(name="several", source="assert digits(1234) == 10", points=2),
        Test(name="none", source="assert digits(0) == 0", hidden=True, hint="What of nothing?"),
    ),
)

_BODIES = {
    Status.ACCEPTED: "return sum(map(int, str(n)))",
    Status.WRONG_ANSWER: "return -1",
    Status.PARTIAL: "return n",
    Status.RUNTIME_ERROR: "raise ValueError('no')",
    Status.TIME_LIMIT_EXCEEDED: "while n == 7: pass",
    Status.OUTPUT_LIMIT_EXCEEDED: "print('x' * 100_000)",
    Status.COMPILE_ERROR: "return return",
}
KINDS = tuple(_BODIES)
OFTEN = {Status.ACCEPTED: 8, Status.WRONG_ANSWER: 4, Status.PARTIAL: 4, Status.RUNTIME_ERROR: 4}
"""How often a kind is handed in; the others, which take the grader longer, once."""


def source(kind: Status, tag: str) -> str:
    """Return a program that ends so."""
    return f"print({tag!r})\ndef digits(n):\n    {_BODIES[kind]}\n"


@dataclass(frozen=True)
class Outcome:
    """All of a verdict that must not depend on when, where and how often it was graded."""

    status: Status
    cause: Status
    points: float
    tests: tuple[tuple[str, Status, float], ...]
    output: str


def outcome(verdict: Verdict, tag: str = "") -> Outcome:
    """Return what counts of a verdict; with the tag taken out of what was printed."""
    tests = tuple((test.name, test.status, test.points) for test in verdict.tests)
    output = verdict.output.replace(tag, "TAG") if tag else verdict.output
    return Outcome(verdict.status, verdict.cause, verdict.points, tests, output)


def decoded(verdict: str | bytes) -> Verdict:
    """Read a verdict as the database holds it."""
    return msgspec.json.decode(verdict, type=Verdict)
