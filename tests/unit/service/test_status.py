"""The pace of grading, from the verdicts of the last minutes."""

import pytest
from nbjudge_course.verdict import Status
from nbjudge_grader_service.status import pace_of
from nbjudge_grader_service.store import Graded


def graded(at, waited, status=Status.ACCEPTED):
    return Graded(status=status, at=at, waited_seconds=waited)


@pytest.mark.parametrize(
    ("waits", "p50", "p95"),
    [
        ([7.0], 7.0, 7.0),
        ([1.0, 2.0], 1.0, 2.0),
        ([3.0, 1.0, 2.0], 2.0, 3.0),
        ([float(n) for n in range(1, 101)], 50.0, 95.0),
    ],
)
def test_a_percentile_is_a_wait_that_somebody_had(waits, p50, p95):
    pace = pace_of([graded(1000.0, wait) for wait in waits], 0, now=1010.0)

    assert (pace.wait_p50_seconds, pace.wait_p95_seconds) == (p50, p95)


def test_the_last_minute_and_the_whole_window_are_told_apart():
    verdicts = [graded(940.1, 1.0), graded(939.9, 1.0), graded(990.0, 1.0, Status.INTERNAL_ERROR)]

    pace = pace_of(verdicts, 5, now=1000.0)

    assert (pace.verdicts_last_minute, pace.internal_errors, pace.open) == (2, 1, 5)


def test_a_submission_that_was_tried_again_is_no_waiting_time():
    pace = pace_of([graded(990.0, None), graded(990.0, 2.0)], 0, now=1000.0)

    assert (pace.verdicts_last_minute, pace.wait_p95_seconds) == (2, 2.0)
