"""The port between the service and its database, which is the truth about every submission."""

from collections.abc import Sequence
from typing import Protocol

import msgspec
from nbjudge_course.outline import Outline
from nbjudge_course.problem import Problem, Statement
from nbjudge_course.standing import Standing
from nbjudge_course.submission import Snapshot, Submission
from nbjudge_course.terms import Terms
from nbjudge_course.verdict import Status
from nbjudge_course.wire import ChangedEvent, Job, Result

_FREE = Terms()


class Graded(msgspec.Struct, frozen=True, kw_only=True):
    """A submission that was given its verdict."""

    status: Status
    at: float
    """Seconds since 1970, UTC."""
    waited_seconds: float | None
    """From being accepted to the verdict; None when it was taken back, or tried again."""


class Withdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """A submission whose verdict is now `cancelled`, because its student wished so."""

    submission: str
    graded: Graded


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """A submission that is safe on disk."""

    snapshot: Snapshot
    new: bool
    """False when the same submission was accepted before."""
    replaced: Withdrawn | None = None
    """The earlier one that it took the place of."""


class Recent(msgspec.Struct, frozen=True, kw_only=True):
    """What admission asks of a student's past."""

    open: int
    """Submissions without a verdict, but for the one that is to be replaced."""
    id_taken: bool = False
    """The asked id is already a submission, of this student or of another."""


class Recorded(msgspec.Struct, frozen=True):
    """What came of recording results."""

    events: list[ChangedEvent]
    """Whom to ring."""
    graded: list[Graded]
    """The verdicts that were written now, each once whoever else has the same result."""


class Store(Protocol):
    """Keeps submissions, verdicts and every version of every problem.

    Every method may raise Unavailable: nothing was written, and trying again later may work.
    (When the connection breaks during a commit nobody knows; trying again is then right as well.)
    Its subclass NoSpace says that the disk is full.
    """

    async def accept(
        self,
        submission: Submission,
        *,
        deduction: float = 0.0,
        attempts: int | None = None,
        replaces: str | None = None,
    ) -> Accepted:
        """Write the submission; when this returns, it is on disk.

        `deduction` is the share of the points, 0 to 1, that its verdict will lose for being late.
        Raise AttemptsSpent when the student has submitted to the problem `attempts` times
        before; cancelled submissions and internal errors do not count.

        `replaces` is the id of an earlier submission. When it is the same student's, to the same
        problem, has no verdict, and would not lose fewer points for being late, it is cancelled
        in the same step; else it is passed over. A refusal leaves it as it is.

        The same id with the same student, problem, language and source is the same submission
        (`new` is False then, and nothing is written). Raise Conflict when the id is another's,
        NotFound when the version of the problem was never published. The first attempt is 1.
        """
        ...

    async def recent(self, student: str, submission: str, replaces: str | None = None) -> Recent:
        """Return what admission needs to know before this submission is accepted."""
        ...

    async def snapshot(self, student: str, submission: str) -> Snapshot | None:
        """Return the student's submission, or None when this student has none with that id."""
        ...

    async def snapshots(
        self, student: str, *, problem: str | None = None, limit: int = 50
    ) -> list[Snapshot]:
        """Return the student's submissions, the newest first."""
        ...

    async def changes(self, student: str, after: int, limit: int = 500) -> list[Snapshot]:
        """Return the student's submissions whose revision is above `after`, lowest first."""
        ...

    async def revision(self, student: str) -> int:
        """Return the student's last revision, 0 before the first submission."""
        ...

    async def record(self, results: Sequence[Result]) -> Recorded:
        """Write verdicts, all or none.

        The first result of a submission wins, later ones are ignored, and so is one of an attempt
        that is not the submission's current one. Being late costs its share of the points here.
        Return whom to ring, by name: everyone whose submission now has a verdict. That includes
        results that stood there before, because whoever wrote them may have died before ringing.
        """
        ...

    async def cancel(self, student: str, submission: str) -> Withdrawn | None:
        """Give the student's submission the verdict `cancelled`, if it has none.

        None when it has one, which then stands, or when the student has no such submission.
        """
        ...

    async def open_jobs(self, limit: int = 1000, after: float | None = None) -> list[Job]:
        """Return the submissions without a verdict as jobs, the oldest first.

        `after` goes on behind the last page: only what was submitted later than that (seconds
        since 1970, UTC).
        """
        ...

    async def open_count(self) -> int:
        """Return how many submissions have no verdict."""
        ...

    async def graded_since(self, at: float, limit: int = 20_000) -> list[Graded]:
        """Return the verdicts that were written later than that, the newest first.

        `at` is in seconds since 1970, UTC.
        """
        ...

    async def graded_count(self, since: float) -> int:
        """Return how many were graded later than that, in seconds since 1970, UTC.

        What was taken back was not.
        """
        ...

    async def retry(self, submission: str) -> Job | None:
        """Take back an internal_error and count a new attempt.

        None when the submission has another verdict or none, or is not there.
        """
        ...

    async def publish(self, problem: Problem, terms: Terms = _FREE) -> bool:
        """Make this version of the problem the live one. False when nothing changed."""
        ...

    async def statements(self) -> list[Statement]:
        """Return the live version of every problem, by id."""
        ...

    async def statement(self, problem: str) -> Statement | None:
        """Return the live version of the problem."""
        ...

    async def problem(self, version: str) -> Problem | None:
        """Return the problem with this digest, live or not."""
        ...

    async def graded_on(self, version: str) -> int:
        """Return how many submissions are bound to this version of their problem."""
        ...

    async def put_outline(self, outline: Outline) -> None:
        """Make these the sets of the course."""
        ...

    async def outline(self) -> Outline:
        """Return the sets of the course as they were put; without any before the first time."""
        ...

    async def standings(self, student: str) -> list[Standing]:
        """Return the student's best results and counted attempts, by problem, of all times."""
        ...

    async def ping(self) -> None:
        """Raise Unavailable unless the database answers and can be written."""
        ...

    async def close(self) -> None:
        """Finish what was begun and close all connections."""
        ...
