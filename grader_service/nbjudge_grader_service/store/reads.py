"""Everything that is read from the database; each function is one read on a given connection."""

from typing import Any

import msgspec
from nbjudge_course.outline import Outline
from nbjudge_course.problem import Problem, Statement
from nbjudge_course.standing import Result, Standing, standings_of
from nbjudge_course.submission import Snapshot, State
from nbjudge_course.terms import Terms
from nbjudge_course.verdict import Status
from nbjudge_course.wire import Job, decode_json
from sqlalchemy import Connection, Row, func, select

from nbjudge_grader_service.store import rows
from nbjudge_grader_service.store.port import Graded, Recent
from nbjudge_grader_service.store.tables import (
    COURSE,
    outlines,
    problems,
    students,
    submissions,
    versions,
)


def recent(connection: Connection, student: str, submission: str, replaces: str | None) -> Recent:
    """See the port."""
    mine, queued = submissions.c.student == student, submissions.c.state == State.QUEUED
    count = select(func.count()).select_from(submissions).where(mine, queued)
    if replaces is not None:
        count = count.where(submissions.c.id != replaces)
    open_ = count.scalar_subquery()
    taken = select(submissions.c.id).where(submissions.c.id == submission).exists()
    row = connection.execute(select(open_.label("open"), taken.label("taken"))).one()
    return Recent(open=row.open, id_taken=bool(row.taken))


def snapshot(connection: Connection, student: str, submission: str) -> Snapshot | None:
    """See the port."""
    mine = (submissions.c.id == submission) & (submissions.c.student == student)
    row = connection.execute(rows.select_snapshots().where(mine)).one_or_none()
    return None if row is None else rows.snapshot_of(row)


def snapshots(
    connection: Connection, student: str, problem: str | None, limit: int
) -> list[Snapshot]:
    """See the port."""
    query = rows.select_snapshots().where(submissions.c.student == student)
    if problem is not None:
        query = query.where(submissions.c.problem == problem)
    # Of two in the same instant the one that was accepted later is the newer; numbers tell.
    newest = (submissions.c.submitted_at.desc(), submissions.c.number.desc(), submissions.c.id)
    found = connection.execute(query.order_by(*newest).limit(limit))
    return [rows.snapshot_of(row) for row in found]


def changes(connection: Connection, student: str, after: int, limit: int) -> list[Snapshot]:
    """See the port."""
    revision = submissions.c.revision
    query = rows.select_snapshots().where(submissions.c.student == student, revision > after)
    found = connection.execute(query.order_by(revision).limit(limit))
    return [rows.snapshot_of(row) for row in found]


def revision(connection: Connection, student: str) -> int:
    """See the port."""
    query = select(students.c.revision).where(students.c.name == student)
    return connection.scalar(query) or 0


def open_jobs(connection: Connection, limit: int, after: float | None) -> list[Job]:
    """See the port."""
    query = select(submissions).where(submissions.c.state == State.QUEUED)
    if after is not None:
        query = query.where(submissions.c.submitted_at > after)
    query = query.order_by(submissions.c.submitted_at, submissions.c.id).limit(limit)
    return [rows.job_of(row) for row in connection.execute(query)]


def open_count(connection: Connection) -> int:
    """See the port."""
    query = select(func.count()).select_from(submissions)
    return connection.scalar(query.where(submissions.c.state == State.QUEUED)) or 0


def graded_since(connection: Connection, at: float, limit: int) -> list[Graded]:
    """See the port."""
    done_at = submissions.c.done_at
    columns = (submissions.c.status, submissions.c.attempt, submissions.c.submitted_at, done_at)
    query = select(*columns).where(done_at > at).order_by(done_at.desc()).limit(limit)
    found = connection.execute(query)
    return [
        rows.graded_of(Status(row.status), row.done_at, row.submitted_at, row.attempt)
        for row in found
    ]


def graded_count(connection: Connection, since: float) -> int:
    """See the port."""
    query = select(func.count()).select_from(submissions).where(submissions.c.done_at > since)
    return connection.scalar(query.where(submissions.c.status != Status.CANCELLED)) or 0


def problem(connection: Connection, version: str) -> Problem | None:
    """See the port."""
    content = connection.scalar(select(versions.c.content).where(versions.c.digest == version))
    return None if content is None else rows.problem_of(content)


def graded_on(connection: Connection, version: str) -> int:
    """See the port."""
    query = select(func.count()).select_from(submissions).where(submissions.c.version == version)
    return connection.scalar(query) or 0


def outline(connection: Connection) -> Outline:
    """See the port."""
    content = connection.scalar(select(outlines.c.content).where(outlines.c.course == COURSE))
    return Outline() if content is None else decode_json(content, Outline)


def standings(connection: Connection, student: str) -> list[Standing]:
    """See the port."""
    query = select(submissions.c.problem, submissions.c.verdict)
    mine = query.where(submissions.c.student == student)
    found = connection.execute(mine.order_by(submissions.c.submitted_at, submissions.c.number))
    return standings_of(
        (row.problem, None if row.verdict is None else decode_json(row.verdict, Result))
        for row in found
    )


class Statements:
    """Reads live statements. What a digest stands for never changes, so it is decoded once."""

    def __init__(self, remembered: int = 1000) -> None:
        self._remembered = remembered
        self._bare: dict[str, Statement] = {}

    def read(self, connection: Connection, problem: str | None = None) -> list[Statement]:
        """Return the live statements by id, or that of one problem."""
        query = select(problems).order_by(problems.c.id)
        if problem is not None:
            query = query.where(problems.c.id == problem)
        live = connection.execute(query).all()
        bare = self._decoded(connection, {row.live for row in live})
        return [_on_terms(bare[row.live], row) for row in live]

    def _decoded(self, connection: Connection, digests: set[str]) -> dict[str, Statement]:
        known = {digest: self._bare[digest] for digest in digests if digest in self._bare}
        missing = versions.c.digest.in_(digests - known.keys())
        if digests - known.keys():
            query = select(versions.c.digest, versions.c.content).where(missing)
            for row in connection.execute(query):
                known[row.digest] = rows.bare_statement_of(row.content)
            if len(self._bare) > self._remembered:
                self._bare = {}
            # A new dict, since other threads read the old one now.
            self._bare = self._bare | known
        return known


def _on_terms(bare: Statement, row: Row[Any]) -> Statement:
    """Return the statement with its terms; what was published without one has the usual one."""
    said = {name: getattr(row, name) for name in Terms.__struct_fields__}
    known = {name: value for name, value in said.items() if value is not None}
    return msgspec.structs.replace(bare, **known)
