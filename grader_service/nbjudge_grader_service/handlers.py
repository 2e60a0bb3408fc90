"""The HTTP side of the service: every answer is JSON, every refusal says what to do."""

import json
import logging
import math
import re
import time
from typing import Any, TypeVar

import msgspec
from nbjudge_course.errors import BadMessage, Conflict, NotFound, Unavailable
from nbjudge_course.problem import Statement
from nbjudge_course.submission import NewSubmission, Snapshot, State, Submission
from nbjudge_course.terms import Terms, deduction_at
from nbjudge_course.wire import ChangedEvent, Job, decode_json, encode_json
from tornado import web

from nbjudge_grader_service.admission import denied, spend
from nbjudge_grader_service.identity import Account
from nbjudge_grader_service.openapi import document
from nbjudge_grader_service.refusals import Refused, number, refusal_of, refused
from nbjudge_grader_service.service import Service, identified
from nbjudge_grader_service.store import Accepted, Recent, Withdrawn

logger = logging.getLogger(__name__)

T = TypeVar("T")

_MAX_LIMIT = 500
_SUBMISSION_ID = re.compile(r"[0-9a-f]{32}")
PROBLEM_ID = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")


class Mine(msgspec.Struct, frozen=True):
    """A student's submissions, the newest first, and the last revision."""

    submissions: tuple[Snapshot, ...]
    revision: int


class ServiceHandler(web.RequestHandler):
    """What all handlers share: identity, JSON, and faults as refusals."""

    service: Service
    account: Account
    refusal: str | None = None
    """Why the request was not done, when it was not."""

    def initialize(self, service: Service) -> None:
        """Take the parts."""
        self.service = service
        service.unanswered.add(self)

    def on_finish(self) -> None:
        """The answer is on its way."""
        self.service.unanswered.discard(self)

    def set_default_headers(self) -> None:
        """Let nobody guess what kind of data this is."""
        self.clear_header("Server")
        self.set_header("X-Content-Type-Options", "nosniff")

    async def prepare(self) -> None:
        """Find out who is asking."""
        self.account = await identified(self.request.headers.get("Authorization", ""), self.service)

    def body(self, type_: type[T]) -> T:
        """Return the body of the request. Raises Refused."""
        try:
            return decode_json(self.request.body, type_)
        except BadMessage as error:
            raise refused(400, "bad_message", str(error)) from error

    def answer(self, message: object, status: int = 200) -> None:
        """Send a message."""
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(encode_json(message))

    def instructor_only(self) -> None:
        """Raise Refused unless an instructor asks."""
        if not self.account.instructor:
            raise refused(403, "instructors_only", "only instructors may do this")

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401  # Tornado's
        """Answer every fault with a Refusal."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        status, refusal = refusal_of(error, status_code)
        self.refusal = refusal.reason
        if refusal.retry_after_seconds is not None:
            self.set_header("Retry-After", str(max(1, math.ceil(refusal.retry_after_seconds))))
        self.answer(refusal, status)

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:  # noqa: ANN401  # Tornado's
        """Log what is our fault, not what was refused."""
        if not isinstance(value, (Unavailable, Conflict, NotFound, web.HTTPError)):
            super().log_exception(typ, value, tb)


class SubmissionsHandler(ServiceHandler):
    """Submitting, and one's own submissions."""

    def on_finish(self) -> None:
        """Count what became of a submission."""
        super().on_finish()
        if self.request.method == "POST":
            done = "accepted" if self.get_status() == 202 else "repeated"
            self.service.metrics.submitted(self.refusal or done)

    async def post(self) -> None:
        """Accept a submission: 202, or 200 when it was accepted before."""
        new = self.body(NewSubmission)
        if not _SUBMISSION_ID.fullmatch(new.id) or not PROBLEM_ID.fullmatch(new.problem):
            raise refused(400, "bad_message", "an id ends in a line break")
        statement = await self.service.problems.statement(new.problem)
        replaces = await self._replaceable(new, statement)
        recent = await self.service.store.recent(self.account.name, new.id, replaces)
        place = None if recent.id_taken else await self._admit(new, statement, recent)
        submission = Submission(
            id=new.id,
            student=self.account.name,
            problem=new.problem,
            version=statement.version if statement else "",
            language=new.language,
            source=new.source,
            submitted_at=time.time(),
        )
        accepted = await self._accept(submission, statement, replaces)
        snapshot = self.service.hub.present(accepted.snapshot)
        if snapshot.state is State.QUEUED and snapshot.position is None:
            snapshot = self.service.hub.placed(snapshot, place)
        self.answer(snapshot, 202 if accepted.new else 200)
        if accepted.replaced is not None:
            await give_up(self.service, self.account.name, accepted.replaced)
        if accepted.new:
            await self._move_on(submission, accepted.snapshot)

    async def _replaceable(self, new: NewSubmission, terms: Terms | None) -> str | None:
        """Return what is replaced. What is being graded stays where attempts are limited."""
        earlier = new.replaces
        if earlier is None or not await must_stay(self.service, self.account, earlier, terms):
            return earlier
        return None

    async def _accept(
        self, submission: Submission, terms: Terms | None, replaces: str | None
    ) -> Accepted:
        """Write it under the terms of the course; they do not bind instructors."""
        if terms is None or self.account.instructor:
            return await self.service.store.accept(submission, replaces=replaces)
        return await self.service.store.accept(
            submission,
            deduction=deduction_at(terms, submission.submitted_at),
            attempts=terms.attempts,
            replaces=replaces,
        )

    async def _admit(self, new: NewSubmission, statement: Statement | None, recent: Recent) -> int:
        """Return how many are before it in the queue. Raises Refused."""
        service, student = self.service, self.account.name
        length = await service.backlog.length()
        # From here on nothing is awaited, so that many requests at once share the bucket rightly.
        bucket, wait = spend(service.buckets.get(student), service.policy, time.monotonic())
        denial = denied(
            new,
            statement,
            recent,
            service.policy,
            now=time.time(),
            wait_seconds=wait,
            queue_length=length,
            queue_seconds=service.backlog.room_seconds(length, service.policy.max_queue),
            instructor=self.account.instructor,
        )
        if denial is not None:
            raise Refused(denial.status, denial.refusal)
        service.buckets[student] = bucket
        return length

    async def _move_on(self, submission: Submission, snapshot: Snapshot) -> None:
        """Hand it to the workers. Whatever fails here is found again by the reconciler."""
        try:
            await self.service.dispatcher.offer(Job(submission=submission, attempt=1))
            event = ChangedEvent(student=submission.student, revision=snapshot.revision)
            await self.service.queue.publish(event)
        except Unavailable as error:
            logger.warning("A submission waits in the database: %s", error)

    async def get(self) -> None:
        """Return the student's submissions."""
        problem = self.get_query_argument("problem", None)
        if problem is not None and not PROBLEM_ID.fullmatch(problem):
            raise refused(400, "bad_message", f"{problem[:80]!r} is no id of a problem")
        limit = number(self.get_query_argument("limit", "50"), _MAX_LIMIT)
        student = self.account.name
        snapshots = await self.service.store.snapshots(student, problem=problem, limit=limit)
        revision = await self.service.store.revision(student)
        present = tuple(self.service.hub.present(snapshot) for snapshot in snapshots)
        self.answer(Mine(present, revision))


class SubmissionHandler(ServiceHandler):
    """One submission."""

    async def get(self, submission: str) -> None:
        """Return it as it is now."""
        snapshot = await self._found(submission)
        try:
            if snapshot.state is State.QUEUED:
                await self.service.hub.look()
        except Unavailable as error:
            logger.warning("Could not look for a place in the queue: %s", error)
        self.answer(self.service.hub.present(snapshot))

    async def delete(self, submission: str) -> None:
        """Take it back: from now on it is `cancelled`, unless its verdict was faster."""
        found = await self._found(submission)
        terms = await self.service.problems.statement(found.problem)
        if found.state is State.QUEUED and await must_stay(
            self.service, self.account, submission, terms
        ):
            told = (
                "it is being graded, and attempts at this problem are limited: its verdict counts"
            )
            raise refused(409, "begun", told)
        withdrawn = await self.service.store.cancel(self.account.name, submission)
        snapshot = await self._found(submission)
        self.answer(self.service.hub.present(snapshot))
        if withdrawn is not None:
            await give_up(self.service, self.account.name, withdrawn)
            await ring(self.service, self.account.name, snapshot.revision)

    async def _found(self, submission: str) -> Snapshot:
        snapshot = None
        if _SUBMISSION_ID.fullmatch(submission):
            snapshot = await self.service.store.snapshot(self.account.name, submission)
        if snapshot is None:
            raise refused(404, "not_found", "you have no such submission")
        return snapshot


async def must_stay(
    service: Service, account: Account, submission: str, terms: Terms | None
) -> bool:
    """Tell whether a submission can no longer be taken back.

    Code that is being graded can tell by its tests how it fares. If it could be taken back then,
    a limited number of attempts would be no limit.
    """
    limited = terms is not None and terms.attempts is not None and not account.instructor
    return limited and await service.queue.begun(submission)


async def give_up(service: Service, student: str, withdrawn: Withdrawn) -> None:
    """Let no worker spend time on it. What fails here costs that time and nothing else."""
    service.metrics.graded([withdrawn.graded])
    await service.dispatcher.withdraw(student, withdrawn.submission)
    try:
        await service.queue.cancel(withdrawn.submission)
    except Unavailable as error:
        logger.warning("A worker may grade %s in vain: %s", withdrawn.submission, error)


async def ring(service: Service, student: str, revision: int) -> None:
    """Tell every process that something of this student is new in the database."""
    try:
        await service.queue.publish(ChangedEvent(student=student, revision=revision))
    except Unavailable as error:
        logger.warning("%s is told later what has changed: %s", student, error)


class RetryHandler(ServiceHandler):
    """Another try for a submission that the grader failed on."""

    async def post(self, submission: str) -> None:
        """Take an internal_error back and grade again; instructors only."""
        self.instructor_only()
        job = None
        if _SUBMISSION_ID.fullmatch(submission):
            job = await self.service.store.retry(submission)
        if job is None:
            raise refused(409, "no_retry", "only an internal_error can be tried again")
        self.answer({"submission": submission, "attempt": job.attempt}, 202)
        await self._move_on(job)

    async def _move_on(self, job: Job) -> None:
        """Hand it to the workers and tell everyone. The reconciler finds what fails here."""
        student = job.submission.student
        try:
            await self.service.dispatcher.offer(job)
            revision = await self.service.store.revision(student)
            await self.service.queue.publish(ChangedEvent(student=student, revision=revision))
        except Unavailable as error:
            logger.warning("A submission waits in the database: %s", error)


class DeadHandler(ServiceHandler):
    """Jobs that were given up."""

    async def get(self) -> None:
        """Return them, the newest first; instructors only."""
        self.instructor_only()
        self.answer({"dead": await self.service.queue.dead()})


class OpenApiHandler(ServiceHandler):
    """The description of this API."""

    async def prepare(self) -> None:
        """Anyone may ask."""

    async def get(self) -> None:
        """Return the OpenAPI document."""
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(document()))


class NothingHandler(ServiceHandler):
    """Every other address."""

    async def prepare(self) -> None:
        """Say that there is nothing."""
        raise refused(404, "not_found", "there is nothing here")
