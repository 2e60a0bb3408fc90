"""Refusals: every request that is not done is answered with a reason and a sentence."""

from nbjudge_course.errors import AttemptsSpent, Conflict, NoSpace, NotFound, Unavailable
from nbjudge_course.wire import Refusal
from tornado import web


class Refused(web.HTTPError):
    """A request that is answered with a Refusal."""

    def __init__(self, status: int, refusal: Refusal) -> None:
        super().__init__(status)
        self.refusal = refusal


def refused(status: int, reason: str, message: str, retry: float | None = None) -> Refused:
    """Return a refusal to raise."""
    return Refused(status, Refusal(reason=reason, message=message, retry_after_seconds=retry))


def refusal_of(error: BaseException | None, status: int) -> tuple[int, Refusal]:
    """Return the status and the refusal that tell of a fault."""
    if isinstance(error, Refused):
        return error.status_code, error.refusal
    for kind, known_status, reason, message in _FAULTS:
        if isinstance(error, kind):
            retry = 2.0 if reason == "unavailable" else None
            told = message or str(error)
            return known_status, Refusal(reason=reason, message=told, retry_after_seconds=retry)
    reason, message = _STATUSES.get(status, _OURS if status >= 500 else _THEIRS)
    return status, Refusal(reason=reason, message=message)


_FAULTS: tuple[tuple[type[BaseException], int, str, str], ...] = (
    (NoSpace, 507, "no_space", "not accepted: the disk is full"),
    (Unavailable, 503, "unavailable", "not accepted: a part of nbjudge does not answer; try again"),
    (Conflict, 409, "conflict", ""),
    (AttemptsSpent, 403, "attempts_spent", ""),
    (NotFound, 404, "not_found", ""),
)
_STATUSES = {
    404: ("not_found", "there is nothing here"),
    405: ("method_not_allowed", "this cannot be done here"),
}
_OURS = ("fault", "that is a fault of ours, and it is in our log")
_THEIRS = ("bad_message", "that is no request that can be answered")


def number(text: str, most: int) -> int:
    """Return the number that a query says, cut to `most`. Raises Refused."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise refused(400, "bad_message", f"{text[:40]!r} is no number")
    return min(int(text), most)
