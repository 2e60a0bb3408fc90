"""Everything that is written to the database; each function is one write in a given transaction.

Whatever changes a submission first takes the row of its student, several of them by name. So
revisions become visible in their order, whoever else writes to the database.
"""

import time
from collections.abc import Callable, Sequence

import msgspec
from nbjudge_course import wire
from nbjudge_course.errors import AttemptsSpent, Conflict, NotFound
from nbjudge_course.outline import Outline
from nbjudge_course.problem import Problem
from nbjudge_course.submission import State, Submission
from nbjudge_course.terms import Terms, deducted
from nbjudge_course.verdict import (
    REPLACED_MESSAGE,
    TAKEN_BACK_MESSAGE,
    Status,
    Verdict,
    cancelled,
)
from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    bindparam,
    false,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from nbjudge_grader_service.store import rows
from nbjudge_grader_service.store.port import Accepted, Graded, Recorded, Withdrawn
from nbjudge_grader_service.store.tables import (
    COURSE,
    outlines,
    problems,
    students,
    submissions,
    versions,
)

_UPSERTS: dict[str, Callable[[Table], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}

# Every submission needs these, and building them takes longer than running them.
_WHOLE = (
    rows.select_snapshots()
    .add_columns(submissions.c.source)
    .where(submissions.c.id == bindparam("of_id"))
)
_TITLE = select(versions.c.title).where(
    versions.c.digest == bindparam("of_version"), versions.c.problem == bindparam("of_problem")
)
_BUMPS = {
    dialect: upsert(students)
    .on_conflict_do_update(index_elements=["name"], set_={"revision": students.c.revision + 1})
    .returning(students.c.revision)
    for dialect, upsert in _UPSERTS.items()
}
_BEFORE = select(func.coalesce(func.max(submissions.c.number), 0)).where(
    submissions.c.student == bindparam("of_student"),
    submissions.c.problem == bindparam("of_problem"),
)
_INSERT = (
    insert(submissions).values(number=_BEFORE.scalar_subquery() + 1).returning(submissions.c.number)
)


def accept(
    connection: Connection,
    submission: Submission,
    deduction: float,
    attempts: int | None,
    replaces: str | None,
) -> Accepted:
    """See the port."""
    known = connection.execute(_WHOLE, {"of_id": submission.id}).one_or_none()
    if known is not None:
        before = rows.job_of(known).submission
        if not is_repetition(submission, before):
            raise Conflict(f"the id {submission.id} belongs to another submission")
        return Accepted(snapshot=rows.snapshot_of(known), new=False)
    title = _title(connection, submission)
    replaced = _replace(connection, submission, deduction, replaces) if replaces else None
    revision = _next_revision(connection, submission.student)
    if attempts is not None:  # the student's row is taken, so nobody counts at the same time
        _check_attempts(connection, submission, attempts)
    number = _insert(connection, submission, revision, deduction)
    snapshot = rows.first_snapshot(submission, title=title, revision=revision, number=number)
    return Accepted(snapshot=snapshot, new=True, replaced=replaced)


def is_repetition(submission: Submission, before: Submission) -> bool:
    """Tell whether a submission of the same id is the same one, sent twice."""
    return (submission.student, submission.problem, submission.language, submission.source) == (
        before.student,
        before.problem,
        before.language,
        before.source,
    )


def record(connection: Connection, results: Sequence[wire.Result]) -> Recorded:
    """See the port."""
    asked = submissions.c.id.in_({result.submission for result in results})
    columns = (submissions.c.id, submissions.c.student, submissions.c.deduction)
    query = select(*columns, submissions.c.submitted_at).where(asked)
    found = {row.id: row for row in connection.execute(query)}
    revisions = _take_students(connection, {row.student for row in found.values()})
    before = dict(revisions)
    graded: list[Graded] = []
    for result in results:
        row = found.get(result.submission)
        if row is None:
            continue
        verdict = deducted(result.verdict, row.deduction or 0.0)
        now = time.time()
        if _conclude(connection, result, verdict, revisions[row.student] + 1, now):
            revisions[row.student] += 1
            graded.append(rows.graded_of(verdict.status, now, row.submitted_at, result.attempt))
    for student in sorted(revisions):
        if revisions[student] != before[student]:
            changed = update(students).where(students.c.name == student)
            connection.execute(changed.values(revision=revisions[student]))
    done = connection.scalars(query.with_only_columns(submissions.c.student).where(_is_done()))
    events = [
        wire.ChangedEvent(student=student, revision=revisions[student])
        for student in sorted(set(done))
    ]
    return Recorded(events, graded)


def cancel(connection: Connection, student: str, submission: str) -> Withdrawn | None:
    """See the port."""
    mine = (submissions.c.student == student) & (submissions.c.id == submission)
    return _withdraw(connection, student, mine, TAKEN_BACK_MESSAGE)


def retry(connection: Connection, submission: str) -> wire.Job | None:
    """See the port."""
    mine = submissions.c.id == submission
    student = connection.scalar(select(submissions.c.student).where(mine, _is_done()))
    if student is None:
        return None
    revision = _take_students(connection, {student})[student] + 1
    row = connection.execute(select(submissions).where(mine)).one()
    if row.verdict is None or not _is_internal_error(row.verdict):
        return None
    _next_revision(connection, student)
    attempt = submissions.c.attempt + 1
    again = update(submissions).where(mine).returning(submissions)
    changed = again.values(
        state=State.QUEUED,
        verdict=None,
        status=None,
        done_at=None,
        attempt=attempt,
        revision=revision,
    )
    return rows.job_of(connection.execute(changed).one())


def publish(connection: Connection, problem: Problem, terms: Terms) -> bool:
    """See the port."""
    version = _UPSERTS[connection.dialect.name](versions).values(
        digest=problem.digest,
        problem=problem.id,
        title=problem.title,
        content=wire.encode(problem),
        published_at=time.time(),
    )
    connection.execute(version.on_conflict_do_nothing())
    live = _UPSERTS[connection.dialect.name](problems).values(
        id=problem.id, live=problem.digest, **msgspec.structs.asdict(terms)
    )
    names = ("live", *Terms.__struct_fields__)
    changed = live.on_conflict_do_update(
        index_elements=["id"],
        set_={name: live.excluded[name] for name in names},
        where=or_(*(problems.c[name].is_distinct_from(live.excluded[name]) for name in names)),
    )
    return connection.execute(changed.returning(problems.c.id)).one_or_none() is not None


def put_outline(connection: Connection, outline: Outline) -> None:
    """See the port."""
    content = wire.encode_json(outline).decode()
    row = _UPSERTS[connection.dialect.name](outlines).values(course=COURSE, content=content)
    connection.execute(
        row.on_conflict_do_update(index_elements=["course"], set_={"content": content})
    )


def touch(connection: Connection) -> None:
    """Write nothing, in a way that needs the right to write."""
    connection.execute(update(students).where(false()).values(revision=0))


def _replace(
    connection: Connection, submission: Submission, deduction: float, replaces: str
) -> Withdrawn | None:
    same = (
        (submissions.c.id == replaces)
        & (submissions.c.student == submission.student)
        & (submissions.c.problem == submission.problem)
        & (func.coalesce(submissions.c.deduction, 0.0) >= deduction)
    )
    return _withdraw(connection, submission.student, same, REPLACED_MESSAGE)


def _withdraw(
    connection: Connection, student: str, which: ColumnElement[bool], message: str
) -> Withdrawn | None:
    _take_students(connection, {student})
    columns = (submissions.c.id, submissions.c.attempt, submissions.c.submitted_at)
    whole = submissions.join(versions, versions.c.digest == submissions.c.version)
    query = select(*columns, versions.c.content).select_from(whole)
    found = connection.execute(query.where(which, submissions.c.state == State.QUEUED))
    row = found.one_or_none()
    if row is None:
        return None
    now, verdict = time.time(), cancelled(rows.problem_of(row.content).points, message)
    result = wire.Result(submission=row.id, attempt=row.attempt, worker="", verdict=verdict)
    _conclude(connection, result, verdict, _next_revision(connection, student), now)
    graded = rows.graded_of(verdict.status, now, row.submitted_at, row.attempt)
    return Withdrawn(submission=row.id, graded=graded)


def _title(connection: Connection, submission: Submission) -> str:
    version = {"of_version": submission.version, "of_problem": submission.problem}
    title: str | None = connection.scalar(_TITLE, version)
    if title is None:
        raise NotFound(f"there is no problem {submission.problem} of version {submission.version}")
    return title


def _next_revision(connection: Connection, student: str) -> int:
    bump = _BUMPS[connection.dialect.name]
    revision: int = connection.execute(bump, {"name": student, "revision": 1}).scalar_one()
    return revision


def _check_attempts(connection: Connection, submission: Submission, attempts: int) -> None:
    """Raise AttemptsSpent. What was cancelled, or failed by our fault, is no attempt."""
    free = submissions.c.status.in_([Status.CANCELLED, Status.INTERNAL_ERROR])
    spent = select(func.count()).where(
        submissions.c.student == submission.student,
        submissions.c.problem == submission.problem,
        or_(submissions.c.status.is_(None), ~free),
    )
    if (connection.scalar(spent.select_from(submissions)) or 0) >= attempts:
        raise spent_attempts(attempts)


def spent_attempts(attempts: int) -> AttemptsSpent:
    """Return the refusal of one more submission."""
    tries = "the one attempt" if attempts == 1 else f"all {attempts} attempts"
    return AttemptsSpent(f"you have used {tries} that this problem allows")


def _insert(connection: Connection, submission: Submission, revision: int, deduction: float) -> int:
    values = msgspec.structs.asdict(submission) | {
        "source": submission.source.encode(),
        "attempt": rows.FIRST_ATTEMPT,
        "revision": revision,
        "state": State.QUEUED,
        "deduction": deduction,
        "of_student": submission.student,
        "of_problem": submission.problem,
    }
    number: int = connection.execute(_INSERT, values).scalar_one()
    return number


def _take_students(connection: Connection, names: set[str]) -> dict[str, int]:
    query = select(students).where(students.c.name.in_(names)).order_by(students.c.name)
    return {row.name: row.revision for row in connection.execute(query.with_for_update())}


def _conclude(
    connection: Connection, result: wire.Result, final: Verdict, revision: int, now: float
) -> bool:
    current = (
        submissions.c.id == result.submission,
        submissions.c.attempt == result.attempt,
        submissions.c.state == State.QUEUED,
    )
    verdict = wire.encode_json(final).decode()
    done = update(submissions).where(*current)
    said = {"verdict": verdict, "status": final.status, "done_at": now}
    changed = connection.execute(done.values(state=State.DONE, revision=revision, **said))
    return changed.rowcount == 1


def _is_done() -> ColumnElement[bool]:
    return submissions.c.state == State.DONE


def _is_internal_error(verdict: str) -> bool:
    return wire.decode_json(verdict, Verdict).status is Status.INTERNAL_ERROR
