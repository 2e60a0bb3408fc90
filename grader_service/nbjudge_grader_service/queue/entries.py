"""What others have left in Redis, read with care: it may be of another version."""

from nbjudge_course.errors import BadMessage
from nbjudge_course.wire import Job, WorkerReport, decode, decode_json

from nbjudge_grader_service.queue.port import DeadLetter


def worker_that_told(report: bytes) -> WorkerReport:
    """Return what a worker tells of itself; one of another version lives, and that is all."""
    try:
        return decode_json(report, WorkerReport)
    except BadMessage:
        return WorkerReport(worker="of another version", sandbox="", started_at=0)


def letter_of(name: bytes, fields: dict[bytes, bytes]) -> DeadLetter:
    """Return a job that was given up; without the job itself when that cannot be read."""
    try:
        job = decode(fields.get(b"job", b""), Job)
    except BadMessage:
        job = None
    return DeadLetter(
        submission=fields.get(b"id", b"").decode(),
        at=int(name.split(b"-")[0]) / 1000,
        reason=fields.get(b"reason", b"").decode(),
        job=job,
    )
