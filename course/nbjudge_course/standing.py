"""A student's standing with one problem: the best result, and the attempts that count."""

from collections.abc import Iterable

import msgspec

from nbjudge_course.verdict import Status, Verdict

COUNTS_NOT = frozenset({Status.CANCELLED, Status.INTERNAL_ERROR})
"""What was cancelled, or failed by our fault, is no attempt."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How far one student is with one problem."""

    problem: str
    points: float = 0.0
    """Of the best result, after what being late cost."""
    status: Status | None = None
    """Of the best result; None while there is none."""
    attempts: int = 0
    """Submissions that count, those included that wait for their verdict."""


class Result(msgspec.Struct, frozen=True):
    """All that counts of a verdict. Read from its JSON, the rest is skipped."""

    status: Status
    points: float


def standings_of(results: Iterable[tuple[str, Verdict | Result | None]]) -> list[Standing]:
    """Return one student's standings by problem, of all submissions: problem and verdict.

    Of equal results the first is the best, so they must come in the order of submitting.
    """
    standings: dict[str, Standing] = {}
    for problem, result in results:
        if result is not None and result.status in COUNTS_NOT:
            continue
        before = standings.get(problem, Standing(problem=problem))
        after = msgspec.structs.replace(before, attempts=before.attempts + 1)
        if result is not None and (before.status is None or result.points > before.points):
            after = msgspec.structs.replace(after, points=result.points, status=result.status)
        standings[problem] = after
    return [standings[problem] for problem in sorted(standings)]
