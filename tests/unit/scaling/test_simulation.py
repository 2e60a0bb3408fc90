"""Class days that are played with the real rule: who waits how long, and what it costs."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from nbjudge_worker.scaling.class_days import ClassDay, deadline, rush, week
from nbjudge_worker.scaling.rule import Limits
from nbjudge_worker.scaling.simulation import Works, simulate


def played(day, works=None, seed=1, **limits):
    return simulate(day, Limits(**limits), works or Works(), random.Random(seed))


def test_one_submission_waits_for_nobody():
    outcome = played(ClassDay("one", [10.0], 60))

    assert list(outcome.waits) == [0.0]
    assert outcome.most_workers == 1
    assert outcome.worker_hours == pytest.approx(60 / 3600)


def test_with_no_worker_at_night_the_first_waits_until_one_has_started():
    works = Works(start_seconds=7, interval_seconds=1)
    outcome = played(ClassDay("one", [10.5], 60), works, least=0)

    (wait,) = outcome.waits
    assert 7 <= wait <= 9


def test_a_queue_of_one_worker_is_served_in_order_without_pause():
    works = Works(job_seconds=4)
    outcome = played(ClassDay("ten", [0.0] * 10, 1), works, most=1)

    assert len(outcome.waits) == 10
    assert outcome.waits[0] == 0
    assert 9 * 2 <= outcome.waits[-1] <= 9 * 6
    assert len(outcome.course.times) >= 10 * 2


def test_the_class_that_submits_at_once_gets_the_most_workers_and_is_served_soon():
    outcome = played(rush(random.Random(1)))

    assert len(outcome.waits) == 500
    assert outcome.most_workers == 20
    assert outcome.wait_seconds(1.0) < 500 * 2 / 20 * 1.2 + 10
    assert outcome.course.workers[-1] < 20


def test_more_workers_wait_less_and_cost_more():
    day = deadline(random.Random(1), 2000)
    few, many = played(day, most=2), played(day, most=20)

    assert few.wait_seconds(0.5) > many.wait_seconds(0.5)
    assert many.wait_seconds(0.95) < 10
    assert many.worker_hours > few.worker_hours


def test_coming_and_going_costs_less_than_always_being_there():
    day = deadline(random.Random(1), 2000)

    assert played(day).worker_hours < played(day, least=20).worker_hours / 2


@pytest.mark.parametrize("make", [rush, deadline, week])
def test_the_same_seed_is_the_same_day(make):
    one, two = (make(random.Random(7), 300) for _ in range(2))

    assert one == two
    assert make(random.Random(8), 300) != one
    assert played(one).waits == played(two).waits


@pytest.mark.parametrize("make", [rush, deadline, week])
def test_arrivals_are_in_order_and_within_the_day(make):
    day = make(random.Random(3), 300)

    assert sorted(day.arrivals) == list(day.arrivals)
    assert day.arrivals[0] >= 0
    assert day.arrivals[-1] <= day.seconds


@settings(max_examples=50, deadline=None)
@given(
    some.lists(some.floats(0, 600), max_size=200).map(sorted),
    some.integers(0, 5),
    some.integers(5, 30),
    some.floats(0.1, 20),
    some.floats(0, 60),
)
def test_everybody_is_served_once_and_no_worker_does_two_things(arrivals, least, most, job, start):
    works = Works(job_seconds=job, start_seconds=start)
    outcome = played(ClassDay("any", arrivals, 600), works, least=least, most=most)

    assert len(outcome.waits) == len(arrivals)
    assert min(outcome.waits, default=0) >= 0
    course = outcome.course
    for running, workers in zip(course.running, course.workers, strict=True):
        assert running <= workers <= most
        assert workers >= least
