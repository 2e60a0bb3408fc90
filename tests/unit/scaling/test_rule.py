"""How many workers there should be, tried on loads of every kind."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as some
from nbjudge_worker.scaling.rule import Limits, Load, Plan, decide

NOBODY = Plan(workers=0, why="")


@some.composite
def limits(draw):
    least = draw(some.integers(0, 30))
    return Limits(
        least=least,
        most=draw(some.integers(max(1, least), 60)),
        waiting_per_worker=draw(some.integers(1, 20)),
        hold_seconds=draw(some.floats(0, 300)),
        halve_seconds=draw(some.floats(0, 120)),
    )


loads = some.builds(
    Load,
    waiting=some.integers(0, 2000),
    running=some.integers(0, 60),
    arrivals_per_second=some.floats(0, 50),
    job_seconds=some.floats(0, 20),
)
days = some.lists(some.tuples(some.floats(0.1, 90), loads), max_size=30)
"""Each look comes so many seconds after the one before it."""


def plans(day, limits):
    """Yield the plan before, the plan after, the load and the time of each decision."""
    now, before = 0.0, NOBODY
    for seconds, load in day:
        now += seconds
        after = decide(load, limits, before, now)
        yield before, after, load, now
        before = after


@pytest.mark.parametrize(
    ("waiting", "workers"), [(100, 20), (3, 1), (0, 1), (5, 1), (6, 2), (25, 5), (10_000, 20)]
)
def test_the_default_rule_is_one_worker_for_five_that_wait(waiting, workers):
    assert decide(Load(waiting, 0), Limits(), NOBODY, 0).workers == workers


def test_a_rush_is_met_with_one_decision():
    one = decide(Load(0, 0), Limits(), NOBODY, 0)

    assert decide(Load(100, 1), Limits(), one, 0.001).workers == 20


def test_nights_may_go_to_zero_and_one_job_wakes_a_worker():
    limits = Limits(least=0, hold_seconds=0)
    assert decide(Load(0, 0), limits, Plan(1, ""), 0).workers == 0
    assert decide(Load(1, 0), limits, NOBODY, 0).workers == 1


def test_as_many_are_kept_as_the_arrivals_keep_busy():
    assert (
        decide(Load(0, 2, arrivals_per_second=4, job_seconds=2), Limits(), NOBODY, 0).workers == 8
    )


def test_workers_go_by_halves_once_they_were_not_needed_for_two_minutes():
    plan = decide(Load(100, 0), Limits(), NOBODY, 0)
    course = {}
    for second in range(1, 400):
        plan = decide(Load(0, 0), Limits(), plan, second)
        course.setdefault(plan.workers, second)

    assert course == {20: 1, 10: 120, 5: 180, 2: 240, 1: 300}


@given(days, limits())
def test_there_are_never_fewer_than_the_least_nor_more_than_the_most(day, limits):
    for _, after, _, _ in plans(day, limits):
        assert limits.least <= after.workers <= limits.most


@given(days, limits())
def test_never_fewer_than_are_running(day, limits):
    for _, after, load, _ in plans(day, limits):
        assert after.workers >= min(load.running, limits.most)


@given(days, limits())
def test_what_those_who_wait_need_is_there_at_once(day, limits):
    for _, after, load, _ in plans(day, limits):
        needed = math.ceil(load.waiting / limits.waiting_per_worker)
        assert after.workers >= min(needed, limits.most)


@given(days, limits())
def test_at_most_half_go_within_the_time_for_halving(day, limits):
    shrunk_at = -math.inf
    for before, after, _, now in plans(day, limits):
        if after.workers < before.workers:
            assert after.workers >= before.workers // 2
            assert now - shrunk_at >= limits.halve_seconds
            shrunk_at = now


@given(days, limits())
def test_what_was_needed_lately_is_kept(day, limits):
    history = []
    for _, after, load, now in plans(day, limits):
        history.append((now, min(math.ceil(load.waiting / limits.waiting_per_worker), limits.most)))
        lately = [needed for at, needed in history if now - at < limits.hold_seconds]
        assert after.workers >= max(lately, default=0)


@given(days, limits(), some.integers(0, 100))
def test_more_who_wait_never_mean_fewer_workers(day, limits, more):
    for before, after, load, now in plans(day, limits):
        heavier = Load(
            load.waiting + more, load.running, load.arrivals_per_second, load.job_seconds
        )
        assert decide(heavier, limits, before, now).workers >= after.workers


@given(limits())
def test_a_calm_queue_comes_down_to_the_least(limits):
    plan, now = decide(Load(2000, 0), limits, NOBODY, 0), 0.0
    for _ in range(12):
        now += limits.hold_seconds + limits.halve_seconds + 1
        plan = decide(Load(0, 0), limits, plan, now)

    assert plan.workers == limits.least


@given(days, limits())
def test_what_is_remembered_stays_short(day, limits):
    for _, after, _, _ in plans(day, limits):
        assert len(after.needs) <= limits.most - limits.least + 1


@pytest.mark.parametrize("wrong", [{"least": 3, "most": 2}, {"least": 0, "most": 0}, {"least": -1}])
def test_limits_that_contradict_each_other_are_refused(wrong):
    with pytest.raises(ValueError, match="at least"):
        Limits(**wrong)


def test_leftovers_beyond_the_most_are_sent_away_at_once():
    assert decide(Load(0, 0), Limits(most=4), Plan(30, ""), 0).workers == 4
