"""The terms of a problem: what being late costs, and how a time is said."""

import pytest
from nbjudge_course.terms import Terms, deducted, deduction_at, moment
from nbjudge_course.verdict import Status, Verdict

DAY = 86400.0


@pytest.mark.parametrize(
    ("late_seconds", "share"),
    [(-1.0, 0.0), (0.0, 0.0), (1.0, 0.2), (DAY, 0.2), (DAY + 1, 0.4), (30 * DAY, 1.0)],
)
def test_each_day_begun_costs_its_share_and_never_more_than_all(late_seconds, share):
    terms = Terms(due_at=1000.0, late_deduct=0.2)
    assert deduction_at(terms, 1000.0 + late_seconds) == pytest.approx(share)


def test_without_a_due_time_nothing_is_late():
    assert deduction_at(Terms(late_deduct=0.5), 1e12) == 0.0


def verdict(status, message=""):
    return Verdict(status=status, cause=status, points=8.0, max_points=10.0, message=message)


def test_a_deduction_leaves_the_status_and_what_was_said_before():
    late = deducted(verdict(Status.PARTIAL, "Traceback"), 0.5)
    assert (late.status, late.points, late.max_points) == (Status.PARTIAL, 4.0, 10.0)
    assert late.message.endswith("50% is deducted, 4 of 8 points count.\n\nTraceback")


@pytest.mark.parametrize("status", [Status.INTERNAL_ERROR, Status.CANCELLED])
def test_a_fault_of_ours_is_not_made_worse(status):
    assert deducted(verdict(status), 0.5) == verdict(status)


def test_a_time_is_said_in_its_zone_and_in_utc_where_the_zone_is_not_known():
    assert moment(0.0, "Asia/Tokyo") == "Thursday 1 January 1970, 09:00 (Asia/Tokyo)"
    assert moment(0.0, "Mars/Olympus") == "Thursday 1 January 1970, 00:00 (UTC)"
    assert moment(1e300, "UTC") == "at a time that no calendar has"
