"""May this submission come in now? Decided from facts alone, before anything is written."""

import math

import msgspec
from nbjudge_course.problem import Statement
from nbjudge_course.submission import MAX_SOURCE_BYTES, NewSubmission
from nbjudge_course.terms import moment
from nbjudge_course.wire import Refusal

from nbjudge_grader_service.store import Recent


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """What one student may do."""

    max_open: int = 200
    rate_per_second: float = 1.0
    burst: int = 30
    max_queue: int = 20_000


class Bucket(msgspec.Struct, frozen=True):
    """A token bucket: each submission takes a token, and time brings them back."""

    tokens: float
    at: float
    """Seconds, of the same clock as `now`."""


class Denial(msgspec.Struct, frozen=True):
    """Why not, and the HTTP status that says so."""

    status: int
    refusal: Refusal


def spend(bucket: Bucket | None, policy: Policy, now: float) -> tuple[Bucket, float]:
    """Take a token. Return the bucket after it, and how long to wait: 0 when there was one."""
    if bucket is None:
        bucket = Bucket(float(policy.burst), now)
    earned = max(0.0, now - bucket.at) * policy.rate_per_second
    tokens = min(float(policy.burst), bucket.tokens + earned)
    if tokens < 1.0:
        return Bucket(tokens, now), (1.0 - tokens) / policy.rate_per_second
    return Bucket(tokens - 1.0, now), 0.0


def denied(
    new: NewSubmission,
    statement: Statement | None,
    recent: Recent,
    policy: Policy,
    *,
    now: float,
    wait_seconds: float = 0.0,
    queue_length: int = 0,
    queue_seconds: float = 60.0,
    instructor: bool = False,
) -> Denial | None:
    """Return why the submission is not accepted, or None when it is.

    `now` is in seconds since 1970, UTC; `wait_seconds` is what the student's bucket says, and
    `queue_seconds` when the queue may have room again. An instructor is never too early or
    too late.
    """
    return (
        _wrong(new, statement)
        or (None if instructor else _closed(statement, now))
        or _too_much(recent, policy, wait_seconds)
        or _too_long(policy, queue_length, queue_seconds)
    )


def _wrong(new: NewSubmission, statement: Statement | None) -> Denial | None:
    if statement is None:
        return _denial(404, "unknown_problem", f"there is no problem {new.problem!r} here")
    if new.language not in statement.languages:
        known = ", ".join(statement.languages)
        return _denial(422, "unknown_language", f"this problem is solved in {known}")
    size = len(new.source.encode("utf-8", "surrogatepass"))
    if size > MAX_SOURCE_BYTES:
        told = f"the cell has {size:,} bytes, and at most {MAX_SOURCE_BYTES:,} are graded"
        return _denial(413, "source_too_long", told)
    if any("\ud800" <= character <= "\udfff" for character in new.source):
        return _denial(400, "not_utf8", "the cell has characters that are no text (surrogates)")
    return None


def _closed(statement: Statement | None, now: float) -> Denial | None:
    if statement is None:
        return None
    if statement.opens_at is not None and now < statement.opens_at:
        wait = statement.opens_at - now
        return _denial(
            403, "not_open", f"this problem opens on {_said(statement, statement.opens_at)}", wait
        )
    if statement.closes_at is not None and now >= statement.closes_at:
        told = f"this problem closed on {_said(statement, statement.closes_at)}"
        if statement.due_at is not None and statement.due_at < statement.closes_at:
            told += f"; it was due on {_said(statement, statement.due_at)}"
        return _denial(403, "closed", told)
    return None


def _said(statement: Statement, seconds: float) -> str:
    return moment(seconds, statement.time_zone)


def _too_much(recent: Recent, policy: Policy, wait_seconds: float) -> Denial | None:
    if recent.open >= policy.max_open:
        told = f"{recent.open} of your submissions wait for a verdict; let them be graded first"
        return _denial(429, "too_many_open", told, 5.0)
    if wait_seconds > 0:
        told = f"that is very fast; the next one is welcome in {math.ceil(wait_seconds)} s"
        return _denial(429, "too_fast", told, wait_seconds)
    return None


def _too_long(policy: Policy, queue_length: int, queue_seconds: float) -> Denial | None:
    if queue_length < policy.max_queue:
        return None
    told = (
        f"{queue_length} submissions are waiting; room is expected in {math.ceil(queue_seconds)} s"
    )
    return _denial(429, "queue_full", told, queue_seconds)


def _denial(status: int, reason: str, message: str, retry: float | None = None) -> Denial:
    return Denial(status, Refusal(reason=reason, message=message, retry_after_seconds=retry))
