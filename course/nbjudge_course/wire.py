"""How messages travel: the codec, the frames of the websocket, and every name used in Redis."""

from typing import TypeVar

import msgspec

from nbjudge_course.errors import BadMessage
from nbjudge_course.submission import Progress, Snapshot, Submission, SubmissionId
from nbjudge_course.verdict import Verdict

T = TypeVar("T")

# ---- Redis. The {nbjudge} hash tag keeps the keys of one script in one slot.
JOBS = "{nbjudge}:jobs"  # stream: jobs waiting or running; finished ones are deleted
RESULTS = "{nbjudge}:results"  # stream: results that the service has not recorded yet
DEAD = "{nbjudge}:dead"  # stream: jobs that were given up, for the instructor; capped
WORKERS = "workers"  # consumer group of JOBS
SERVICE = "service"  # consumer group of RESULTS
EVENTS = "{nbjudge}:events"  # channel: doorbell between service processes, and progress
CONTROL = "{nbjudge}:control"  # channel: ControlMessage to workers (drop a problem, cancel a job)
WANTED = "{nbjudge}:wanted"  # channel: digests of problems that a worker misses in the cache


def problem_key(version: str) -> str:
    """Return the key that caches the problem with this digest (MessagePack of Problem)."""
    return f"{{nbjudge}}:problem:{version}"


def current_key(problem: str) -> str:
    """Return the key that holds the digest of the problem's live version."""
    return f"{{nbjudge}}:current:{problem}"


def cancel_key(submission: str) -> str:
    """Return the key whose existence tells a worker to give the submission up."""
    return f"{{nbjudge}}:cancel:{submission}"


def queued_key(submission: str) -> str:
    """Return the key that makes handing one attempt to the queue idempotent."""
    return f"{{nbjudge}}:queued:{submission}"


def worker_key(worker: str) -> str:
    """Return the key under which a worker tells that it lives (JSON, expires)."""
    return f"{{nbjudge}}:worker:{worker}"


def scaler_key(scaler: str) -> str:
    """Return the key that the one who starts and ends this scaler's workers holds (expires)."""
    return f"{{nbjudge}}:scaler:{scaler}"


class Job(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One attempt at grading a submission, as the queue carries it."""

    submission: Submission
    attempt: int


class Result(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A worker's report on one attempt."""

    submission: SubmissionId
    attempt: int
    worker: str
    verdict: Verdict


class ProgressEvent(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="progress"
):
    """A worker tells how far it is. Losing it does no harm."""

    student: str
    submission: SubmissionId
    attempt: int
    progress: Progress


class ChangedEvent(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="changed"
):
    """The database holds something new for this student: a doorbell."""

    student: str
    revision: int


class PublishedEvent(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="published"
):
    """A problem has a new live version."""

    problem: str
    version: str


Event = ProgressEvent | ChangedEvent | PublishedEvent


class WorkerReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a living worker tells of itself, as JSON under its worker_key."""

    worker: str
    sandbox: str
    """The name of the engine in force."""
    started_at: float
    """Seconds since 1970, UTC."""
    running: SubmissionId | None = None
    """The submission that it grades now."""
    graded: int = 0
    """How many it has graded since its start."""


# ---- The websocket, from the service to the student. The student sends nothing but pings.
class HelloFrame(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="hello"
):
    """First on every connection, before the replay: the student's last revision."""

    student: str
    revision: int


class SubmissionFrame(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="submission"
):
    """A submission as it is now."""

    submission: Snapshot


class ProblemFrame(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="problem"
):
    """A problem has a new version."""

    problem: str
    version: str


Frame = HelloFrame | SubmissionFrame | ProblemFrame


class Refusal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a request was not accepted: `reason` for programs, `message` for people."""

    reason: str
    message: str
    retry_after_seconds: float | None = None


def encode(message: msgspec.Struct) -> bytes:
    """Return the message as MessagePack, for Redis."""
    return msgspec.msgpack.encode(message)


def encode_json(message: object) -> bytes:
    """Return the message as JSON, for HTTP, the websocket and notebooks."""
    return msgspec.json.encode(message)


def decode(data: bytes, type_: type[T]) -> T:
    """Read one MessagePack message strictly. Raise BadMessage that says where it is wrong."""
    try:
        return msgspec.msgpack.decode(data, type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadMessage(f"not a {_name(type_)}: {error}") from error


def decode_json(data: bytes | str, type_: type[T]) -> T:
    """Read one JSON message strictly. Raise BadMessage that says where it is wrong."""
    try:
        return msgspec.json.decode(data, type=type_)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadMessage(f"not a {_name(type_)}: {error}") from error


def _name(type_: object) -> str:
    return getattr(type_, "__name__", str(type_))
