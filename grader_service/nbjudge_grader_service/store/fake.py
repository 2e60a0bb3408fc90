"""The store in memory, with one lever: `broken` is raised by every method while it is set."""

import time
from collections.abc import Sequence

import msgspec
from nbjudge_course.errors import Conflict, NotFound, Unavailable
from nbjudge_course.outline import Outline
from nbjudge_course.problem import Problem, Statement, statement_of
from nbjudge_course.standing import Standing, standings_of
from nbjudge_course.submission import Snapshot, State, Submission
from nbjudge_course.terms import Terms, deducted
from nbjudge_course.verdict import REPLACED_MESSAGE, TAKEN_BACK_MESSAGE, Status, cancelled
from nbjudge_course.wire import ChangedEvent, Job, Result

from nbjudge_grader_service.store.port import Accepted, Graded, Recent, Recorded, Withdrawn
from nbjudge_grader_service.store.rows import first_snapshot, graded_of
from nbjudge_grader_service.store.writes import is_repetition, spent_attempts

_FREE = Terms()


class FakeStore:
    """Keeps the promises of the port inside one event loop."""

    def __init__(self) -> None:
        self.broken: Unavailable | None = None
        self._submissions: dict[str, Submission] = {}
        self._snapshots: dict[str, Snapshot] = {}
        self._deductions: dict[str, float] = {}
        self._revisions: dict[str, int] = {}
        self._versions: dict[str, Problem] = {}
        self._live: dict[str, Statement] = {}
        self._outline = Outline()
        self._graded: dict[str, Graded] = {}

    async def accept(
        self,
        submission: Submission,
        *,
        deduction: float = 0.0,
        attempts: int | None = None,
        replaces: str | None = None,
    ) -> Accepted:
        """Keep the submission."""
        self._check()
        before = self._submissions.get(submission.id)
        if before is not None:
            if not is_repetition(submission, before):
                raise Conflict(f"the id {submission.id} belongs to another submission")
            return Accepted(snapshot=self._snapshots[submission.id], new=False)
        problem = self._versions.get(submission.version)
        if problem is None or problem.id != submission.problem:
            raise NotFound(f"there is no problem {submission.problem} of that version")
        mine = self._mine(submission.student, submission.problem)
        gone = {one.id for one in mine if self._may_go(one, replaces, deduction)}
        counted = [one for one in mine if one.id not in gone and _is_attempt(one)]
        if attempts is not None and len(counted) >= attempts:
            raise spent_attempts(attempts)
        replaced = self._withdraw(gone.pop(), REPLACED_MESSAGE) if gone else None
        snapshot = first_snapshot(
            submission,
            title=problem.title,
            revision=self._bump(submission.student),
            number=1 + len(mine),
        )
        self._submissions[submission.id] = submission
        self._snapshots[submission.id] = snapshot
        self._deductions[submission.id] = deduction
        return Accepted(snapshot=snapshot, new=True, replaced=replaced)

    def _may_go(self, one: Snapshot, replaces: str | None, deduction: float) -> bool:
        loses_as_much = self._deductions[one.id] >= deduction
        return one.id == replaces and one.state is State.QUEUED and loses_as_much

    async def recent(self, student: str, submission: str, replaces: str | None = None) -> Recent:
        """Return what admission needs to know."""
        self._check()
        mine = [one for one in self._mine(student) if one.id != replaces]
        queued = [one for one in mine if one.state is State.QUEUED]
        return Recent(open=len(queued), id_taken=submission in self._submissions)

    async def snapshot(self, student: str, submission: str) -> Snapshot | None:
        """Return the student's submission."""
        self._check()
        found = self._submissions.get(submission)
        mine = found is not None and found.student == student
        return self._snapshots[submission] if mine else None

    async def snapshots(
        self, student: str, *, problem: str | None = None, limit: int = 50
    ) -> list[Snapshot]:
        """Return the student's submissions, the newest first."""
        self._check()
        mine = self._mine(student, problem)
        return sorted(mine, key=lambda one: (-one.submitted_at, -one.number, one.id))[:limit]

    async def changes(self, student: str, after: int, limit: int = 500) -> list[Snapshot]:
        """Return what has changed since that revision."""
        self._check()
        newer = [one for one in self._mine(student) if one.revision > after]
        return sorted(newer, key=lambda one: one.revision)[:limit]

    async def revision(self, student: str) -> int:
        """Return the student's last revision."""
        self._check()
        return self._revisions.get(student, 0)

    async def record(self, results: Sequence[Result]) -> Recorded:
        """Keep verdicts, the first of each submission."""
        self._check()
        students = set()
        graded = []
        for result in results:
            before = self._snapshots.get(result.submission)
            if before is None:
                continue
            student = self._submissions[result.submission].student
            if before.state is State.QUEUED and before.attempt == result.attempt:
                verdict = deducted(result.verdict, self._deductions[result.submission])
                after = msgspec.structs.replace(
                    before, revision=self._bump(student), state=State.DONE, verdict=verdict
                )
                self._snapshots[result.submission] = after
                one = graded_of(verdict.status, time.time(), before.submitted_at, before.attempt)
                self._graded[result.submission] = one
                graded.append(one)
            if self._snapshots[result.submission].state is State.DONE:
                students.add(student)
        events = [
            ChangedEvent(student=student, revision=self._revisions[student])
            for student in sorted(students)
        ]
        return Recorded(events, graded)

    async def cancel(self, student: str, submission: str) -> Withdrawn | None:
        """Give the student's submission the verdict `cancelled`, if it has none."""
        self._check()
        mine = {one.id for one in self._mine(student) if one.state is State.QUEUED}
        return self._withdraw(submission, TAKEN_BACK_MESSAGE) if submission in mine else None

    def _withdraw(self, submission: str, message: str) -> Withdrawn:
        made, before = self._submissions[submission], self._snapshots[submission]
        verdict = cancelled(self._versions[made.version].points, message)
        self._snapshots[submission] = msgspec.structs.replace(
            before, revision=self._bump(made.student), state=State.DONE, verdict=verdict
        )
        graded = graded_of(verdict.status, time.time(), before.submitted_at, before.attempt)
        self._graded[submission] = graded
        return Withdrawn(submission=submission, graded=graded)

    async def open_jobs(self, limit: int = 1000, after: float | None = None) -> list[Job]:
        """Return the submissions without a verdict."""
        self._check()
        queued = [
            Job(submission=self._submissions[one.id], attempt=one.attempt)
            for one in self._snapshots.values()
            if one.state is State.QUEUED and (after is None or one.submitted_at > after)
        ]
        queued.sort(key=lambda job: (job.submission.submitted_at, job.submission.id))
        return queued[:limit]

    async def open_count(self) -> int:
        """Return how many submissions have no verdict."""
        self._check()
        return sum(one.state is State.QUEUED for one in self._snapshots.values())

    async def graded_since(self, at: float, limit: int = 20_000) -> list[Graded]:
        """Return the latest verdicts."""
        self._check()
        latest = sorted(self._graded.values(), key=lambda one: one.at, reverse=True)
        return [one for one in latest if one.at > at][:limit]

    async def graded_count(self, since: float) -> int:
        """Return how many were graded since."""
        found = await self.graded_since(since)
        return sum(one.status is not Status.CANCELLED for one in found)

    async def retry(self, submission: str) -> Job | None:
        """Take back an internal_error."""
        self._check()
        before = self._snapshots.get(submission)
        if before is None or before.verdict is None:
            return None
        if before.verdict.status is not Status.INTERNAL_ERROR:
            return None
        del self._graded[submission]
        self._snapshots[submission] = msgspec.structs.replace(
            before,
            state=State.QUEUED,
            verdict=None,
            attempt=before.attempt + 1,
            revision=self._bump(self._submissions[submission].student),
        )
        return Job(submission=self._submissions[submission], attempt=before.attempt + 1)

    async def publish(self, problem: Problem, terms: Terms = _FREE) -> bool:
        """Make this version of the problem the live one."""
        self._check()
        self._versions[problem.digest] = problem
        live = statement_of(problem, terms)
        changed = self._live.get(problem.id) != live
        self._live[problem.id] = live
        return changed

    async def statements(self) -> list[Statement]:
        """Return the live version of every problem."""
        self._check()
        return [self._live[problem] for problem in sorted(self._live)]

    async def statement(self, problem: str) -> Statement | None:
        """Return the live version of the problem."""
        self._check()
        return self._live.get(problem)

    async def problem(self, version: str) -> Problem | None:
        """Return the problem with this digest."""
        self._check()
        return self._versions.get(version)

    async def graded_on(self, version: str) -> int:
        """Return how many submissions are bound to this version."""
        self._check()
        return sum(one.version == version for one in self._submissions.values())

    async def put_outline(self, outline: Outline) -> None:
        """Make these the sets of the course."""
        self._check()
        self._outline = outline

    async def outline(self) -> Outline:
        """Return the sets of the course."""
        self._check()
        return self._outline

    async def standings(self, student: str) -> list[Standing]:
        """Return the student's best results and counted attempts."""
        self._check()
        mine = sorted(self._mine(student), key=lambda one: (one.submitted_at, one.number))
        return standings_of((one.problem, one.verdict) for one in mine)

    async def ping(self) -> None:
        """Raise `broken` when that is set."""
        self._check()

    async def close(self) -> None:
        """Be gone: what is asked later is Unavailable."""
        self.broken = Unavailable("the store is closed")

    def _check(self) -> None:
        if self.broken is not None:
            raise self.broken

    def _bump(self, student: str) -> int:
        self._revisions[student] = self._revisions.get(student, 0) + 1
        return self._revisions[student]

    def _mine(self, student: str, problem: str | None = None) -> list[Snapshot]:
        return [
            snapshot
            for snapshot in self._snapshots.values()
            if self._submissions[snapshot.id].student == student
            and problem in {None, snapshot.problem}
        ]


def _is_attempt(snapshot: Snapshot) -> bool:
    verdict = snapshot.verdict
    return verdict is None or verdict.status not in {Status.CANCELLED, Status.INTERNAL_ERROR}
