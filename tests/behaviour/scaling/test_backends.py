"""One suite for where workers run: in memory, as processes, as containers."""

import time

import pytest

DEADLINE_SECONDS = 60.0


def until(condition):
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


@pytest.fixture
def backend(world):
    return world.backend


def started(world, *names):
    world.backend.start(names)
    for name in names:
        until(lambda name=name: world.is_armed(name))


def test_nobody_is_there_at_first(backend):
    assert list(backend.workers()) == []


def test_workers_that_were_started_are_there_by_their_names(world, backend):
    started(world, "one", "two")

    assert set(backend.workers()) == {"one", "two"}


def test_a_worker_that_shall_end_finishes_its_job_first(world, backend):
    started(world, "one")

    backend.drain(["one"])

    assert set(backend.workers()) == {"one"}
    until(lambda: not backend.workers())


def test_the_others_stay_when_one_ends(world, backend):
    started(world, "one", "two")

    backend.drain(["one"])
    until(lambda: set(backend.workers()) == {"two"})


def test_asking_twice_does_not_cut_its_job_short(world, backend):
    started(world, "one")

    backend.drain(["one"])
    backend.drain(["one"])

    assert set(backend.workers()) == {"one"}
    until(lambda: not backend.workers())


def test_a_worker_that_is_killed_is_gone(world, backend):
    started(world, "one", "two")

    backend.kill(["two"])

    until(lambda: set(backend.workers()) == {"one"})


def test_a_worker_that_dies_by_itself_is_gone_and_its_name_is_free(world, backend):
    started(world, "one")

    world.crash("one")
    until(lambda: not backend.workers())
    started(world, "one")

    assert set(backend.workers()) == {"one"}


def test_workers_that_are_gone_already_do_no_harm(backend):
    backend.drain(["nobody"])
    backend.kill(["nobody"])

    assert list(backend.workers()) == []
