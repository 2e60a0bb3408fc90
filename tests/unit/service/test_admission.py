"""Admission: each reason for which a submission does not come in."""

import pytest
from nbjudge_course.problem import Kind, Limits, Statement
from nbjudge_course.submission import MAX_SOURCE_BYTES, NewSubmission
from nbjudge_grader_service.admission import Bucket, Policy, denied, spend
from nbjudge_grader_service.store import Recent

NOW = 1_000_000.0
POLICY = Policy(max_open=3, rate_per_second=0.5, burst=2, max_queue=10)


def statement(**changes):
    fields = {
        "id": "two-sum",
        "title": "Two sum",
        "kind": Kind.FUNCTION,
        "languages": ("python",),
        "limits": Limits(),
        "points": 1.0,
        "tests": 1,
        "version": "0" * 32,
    }
    return Statement(**{**fields, **changes})


def submission(source="def f(): pass", language="python"):
    return NewSubmission(id="a" * 32, problem="two-sum", language=language, source=source)


def verdict_on(new=None, known="given", recent=None, **facts):
    return denied(
        new or submission(),
        statement() if known == "given" else known,
        recent or Recent(open=0),
        POLICY,
        now=NOW,
        **facts,
    )


def test_an_ordinary_submission_comes_in():
    assert verdict_on() is None


@pytest.mark.parametrize(
    ("denial", "status", "reason"),
    [
        (verdict_on(known=None), 404, "unknown_problem"),
        (verdict_on(submission(language="cobol")), 422, "unknown_language"),
        (verdict_on(submission("x" * (MAX_SOURCE_BYTES + 1))), 413, "source_too_long"),
        (verdict_on(submission("\u20ac" * (MAX_SOURCE_BYTES // 2))), 413, "source_too_long"),
        (verdict_on(submission("\ud800")), 400, "not_utf8"),
        (verdict_on(known=statement(opens_at=NOW + 60)), 403, "not_open"),
        (verdict_on(known=statement(closes_at=NOW)), 403, "closed"),
        (verdict_on(recent=Recent(open=3)), 429, "too_many_open"),
        (verdict_on(wait_seconds=1.5), 429, "too_fast"),
        (verdict_on(queue_length=10), 429, "queue_full"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_refusal_has_a_status_a_reason_and_a_sentence(denial, status, reason):
    assert (denial.status, denial.refusal.reason) == (status, reason)
    assert len(denial.refusal.message) > 20


def test_too_early_and_too_fast_say_when_to_come_again():
    assert verdict_on(known=statement(opens_at=NOW + 60)).refusal.retry_after_seconds == 60
    assert verdict_on(wait_seconds=1.5).refusal.retry_after_seconds == 1.5


def test_a_source_of_exactly_the_greatest_length_comes_in():
    assert verdict_on(submission("x" * MAX_SOURCE_BYTES)) is None


def test_a_burst_is_allowed_and_then_the_rate():
    bucket, waits = None, []
    for _ in range(3):
        bucket, wait = spend(bucket, POLICY, NOW)
        waits.append(wait)
    assert waits == [0.0, 0.0, 2.0]
    bucket, wait = spend(bucket, POLICY, NOW + 2)
    assert wait == 0.0


def test_rest_fills_the_bucket_no_further_than_a_burst():
    bucket, _ = spend(Bucket(0.0, NOW), POLICY, NOW + 3600)
    assert bucket.tokens == POLICY.burst - 1


def test_a_clock_that_goes_back_takes_nothing_away():
    bucket, wait = spend(Bucket(1.0, NOW), POLICY, NOW - 60)
    assert wait == 0.0
    assert bucket.tokens == 0.0


def test_a_refusal_for_its_time_says_the_times_in_the_zone_of_the_course():
    terms = {"time_zone": "Europe/Zurich", "due_at": 1_900_000_000.0, "closes_at": 1_900_086_400.0}

    early = denied_at(1_800_000_000.0, opens_at=1_890_000_000.0, **terms)
    late = denied_at(2_000_000_000.0, **terms)

    assert early.refusal.message == (
        "this problem opens on Thursday 22 November 2029, 01:00 (Europe/Zurich)"
    )
    assert late.refusal.message == (
        "this problem closed on Monday 18 March 2030, 18:46 (Europe/Zurich); "
        "it was due on Sunday 17 March 2030, 18:46 (Europe/Zurich)"
    )


def test_an_instructor_is_never_too_early_or_too_late():
    assert denied_at(0.0, instructor=True, opens_at=1.0) is None
    assert denied_at(2.0, instructor=True, closes_at=1.0) is None


def denied_at(now, instructor=False, **terms):
    known, recent = statement(**terms), Recent(open=0)
    return denied(submission(), known, recent, POLICY, now=now, instructor=instructor)
