"""What a row of the database is in the words of the course."""

from typing import Any

from nbjudge_course import wire
from nbjudge_course.problem import Problem, Statement, statement_of
from nbjudge_course.submission import Snapshot, State, Submission
from nbjudge_course.verdict import Status, Verdict
from sqlalchemy import Row, Select, select

from nbjudge_grader_service.store.port import Graded
from nbjudge_grader_service.store.tables import submissions, versions

FIRST_ATTEMPT = 1


def select_snapshots() -> Select[Any]:
    """Return the query of what `snapshot_of` needs."""
    columns = [column for column in submissions.c if column is not submissions.c.source]
    joined = submissions.join(versions, versions.c.digest == submissions.c.version)
    return select(*columns, versions.c.title).select_from(joined)


def snapshot_of(row: Row[Any]) -> Snapshot:
    """Return what the student may know of this submission."""
    return Snapshot(
        id=row.id,
        problem=row.problem,
        title=row.title,
        language=row.language,
        state=State(row.state),
        revision=row.revision,
        submitted_at=row.submitted_at,
        number=row.number,
        attempt=row.attempt,
        verdict=None if row.verdict is None else wire.decode_json(row.verdict, Verdict),
    )


def first_snapshot(submission: Submission, *, title: str, revision: int, number: int) -> Snapshot:
    """Return what the student may know of a submission that was accepted just now."""
    return Snapshot(
        id=submission.id,
        problem=submission.problem,
        title=title,
        language=submission.language,
        state=State.QUEUED,
        revision=revision,
        submitted_at=submission.submitted_at,
        number=number,
        attempt=FIRST_ATTEMPT,
    )


def job_of(row: Row[Any]) -> wire.Job:
    """Return the submission as the queue carries it."""
    submission = Submission(
        id=row.id,
        student=row.student,
        problem=row.problem,
        version=row.version,
        language=row.language,
        source=row.source.decode(),
        submitted_at=row.submitted_at,
    )
    return wire.Job(submission=submission, attempt=row.attempt)


def graded_of(status: Status, at: float, submitted_at: float, attempt: int) -> Graded:
    """Return what became of a submission, and how long its student has waited for it."""
    waits = attempt == FIRST_ATTEMPT and status is not Status.CANCELLED
    waited = max(0.0, at - submitted_at) if waits else None
    return Graded(status=status, at=at, waited_seconds=waited)


def problem_of(content: bytes) -> Problem:
    """Return the problem."""
    return wire.decode(content, Problem)


def bare_statement_of(content: bytes) -> Statement:
    """Return the statement, without the times that are kept beside the version."""
    return statement_of(problem_of(content))
