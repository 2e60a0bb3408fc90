"""How fast jobs come in and how long they take, seen in looks at the queue."""

import pytest
from nbjudge_worker.scaling.pace import Pace


def test_nothing_is_known_before_there_was_something_to_see():
    pace = Pace()
    assert (pace.arrivals_per_second(), pace.job_seconds()) == (0, 0)

    pace.note(0, added=5, length=5, running=0)
    assert (pace.arrivals_per_second(), pace.job_seconds()) == (0, 0)


def test_two_jobs_a_second_of_three_seconds_each():
    pace = Pace()
    for second in range(31):
        pace.note(second, added=2 * second, length=6, running=6)

    assert pace.arrivals_per_second() == 2
    assert pace.job_seconds() == pytest.approx(3)


def test_only_the_last_minute_counts():
    pace = Pace()
    for second in range(300):
        pace.note(second, added=10 * min(second, 100), length=0, running=0)

    assert pace.arrivals_per_second() == 0


def test_a_queue_that_lost_its_data_begins_anew():
    pace = Pace()
    pace.note(0, added=1000, length=0, running=0)
    pace.note(10, added=0, length=0, running=0)
    pace.note(20, added=10, length=10, running=0)

    assert pace.arrivals_per_second() == 1
