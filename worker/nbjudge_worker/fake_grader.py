"""A grader that runs nothing: the source itself says what its verdict shall be.

- `verdict wrong_answer`: the status of the verdict; accepted without such a line
- `sleep 0.2`: seconds that grading takes
- `fault`: the grader raises
- `unavailable`: the grader has no box now
"""

import time
from collections.abc import Callable

from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import Problem
from nbjudge_course.submission import Progress
from nbjudge_course.verdict import Status, Verdict


class FakeGrader:
    """Obeys the source, line by line. Not for students."""

    def grade(
        self,
        problem: Problem,
        source: str,
        language: str,
        *,
        progress: Callable[[Progress], None] = lambda _: None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Verdict:
        """Return the verdict that the source asks for."""
        del language
        status = Status.ACCEPTED
        lines = [line.split() for line in source.splitlines() if line.strip()]
        for done, (word, *rest) in enumerate(lines):
            progress(Progress(done=done, total=len(lines)))
            if word == "sleep" and not _sleep(float(rest[0]), cancelled):
                status = Status.CANCELLED
                break
            if word == "verdict":
                status = Status(rest[0])
            if word == "fault":
                raise RuntimeError("as the source asked")
            if word == "unavailable":
                raise Unavailable("as the source asked")
        points = problem.points if status is Status.ACCEPTED else 0
        return Verdict(
            status=status,
            cause=status,
            points=points,
            max_points=problem.points,
            output=source,
        )


def _sleep(seconds: float, cancelled: Callable[[], bool]) -> bool:
    """Sleep; return whether it was not cut short."""
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        if cancelled():
            return False
        time.sleep(min(left, 0.01))
    return True
