"""The terms of a problem: when it may be handed in, how often, and what being late costs."""

import math
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta

from nbjudge_course.verdict import Status, Verdict

DAY_SECONDS = 86400.0

Share = Annotated[float, Meta(ge=0, le=1)]


class Terms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a course file says of one problem. Times are seconds since 1970, UTC."""

    opens_at: float | None = None
    """Before it nobody may submit."""
    due_at: float | None = None
    """After it a submission is late."""
    closes_at: float | None = None
    """From then on nobody may submit."""
    late_deduct: Share = 0.0
    """The share of the points that each day begun after the due time costs."""
    attempts: Annotated[int, Meta(ge=1)] | None = None
    """How often a student may submit; None is without limit."""
    time_zone: str = "UTC"
    """In which people are told the times: `Europe/Zurich`."""


def terms_of(holder: Terms) -> Terms:
    """Return only the terms of a message that has them among its fields."""
    return Terms(**{name: getattr(holder, name) for name in Terms.__struct_fields__})


def deduction_at(terms: Terms, now: float) -> float:
    """Return the share of the points, 0 to 1, that a submission at this moment loses."""
    if terms.due_at is None or now <= terms.due_at:
        return 0.0
    return min(1.0, terms.late_deduct * math.ceil((now - terms.due_at) / DAY_SECONDS))


def deducted(verdict: Verdict, share: float) -> Verdict:
    """Return the verdict with fewer points, and with a sentence that says so.

    Its status stays as it is. A fault of the grader and a cancelled submission stay whole.
    """
    if share <= 0 or verdict.status in {Status.INTERNAL_ERROR, Status.CANCELLED}:
        return verdict
    points = round(verdict.points * (1 - share), 6)
    told = (
        f"Handed in after the due time: {share:.0%} is deducted, "
        f"{points:g} of {verdict.points:g} points count."
    )
    message = f"{told}\n\n{verdict.message}" if verdict.message else told
    return msgspec.structs.replace(verdict, points=points, message=message)


def moment(seconds: float, time_zone: str) -> str:
    """Return a time as people read it: `Monday 3 March 2031, 18:00 (Europe/Zurich)`."""
    zone: tzinfo = UTC
    name = "UTC"
    # Where this machine does not know the zone, UTC is right as well.
    with suppress(KeyError, ValueError, OSError):
        zone, name = ZoneInfo(time_zone), time_zone
    try:
        local = datetime.fromtimestamp(seconds, zone)
    except (OverflowError, ValueError, OSError):
        return "at a time that no calendar has"
    return f"{local:%A} {local.day} {local:%B %Y, %H:%M} ({name})"
