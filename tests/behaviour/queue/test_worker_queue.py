"""One suite for the worker's queue: the fake, Redis and Valkey keep the same promises."""

import time
from collections.abc import Callable, Iterator
from typing import Protocol

import pytest
from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import Problem
from nbjudge_course.submission import Progress
from nbjudge_course.verdict import Status, Verdict
from nbjudge_course.wire import (
    DEAD,
    EVENTS,
    JOBS,
    RESULTS,
    WANTED,
    WORKERS,
    Job,
    ProgressEvent,
    Result,
    WorkerReport,
    cancel_key,
    decode,
    encode,
    problem_key,
    worker_key,
)
from nbjudge_worker.queue import DELIVERY_LIMIT, FakeQueue, Queue, RedisQueue, Standing
from nbjudge_worker.queue.fake import FakeBroker

LEASE_SECONDS = 10.0
NewJob = Callable[..., Job]


class World(Protocol):
    """What stands around the workers."""

    def worker(self, name: str) -> Queue: ...
    def put(self, job: Job) -> None: ...
    def age(self, seconds: float) -> None: ...
    def cancel(self, submission: str) -> None: ...
    def results(self) -> list[Result]: ...
    def dead(self) -> list[str]: ...
    def reports(self, worker: str) -> WorkerReport | None: ...
    def put_problem(self, problem: Problem) -> None: ...
    def length(self) -> int: ...
    def close(self) -> None: ...


class FakeWorld:
    def __init__(self) -> None:
        self._now = 0.0
        self.broker = FakeBroker(clock=lambda: self._now)

    def worker(self, name):
        return FakeQueue(self.broker, worker=name, lease_seconds=LEASE_SECONDS)

    def put(self, job):
        self.broker.put(job)

    def age(self, seconds):
        self._now += seconds

    def cancel(self, submission):
        self.broker.cancelled.add(submission)

    def results(self):
        return self.broker.results

    def dead(self):
        return [job.submission.id for job in self.broker.dead]

    def reports(self, worker):
        return self.broker.reports.get(worker)

    def put_problem(self, problem):
        self.broker.problems[problem.digest] = problem

    def length(self):
        return len(self.broker.waiting) + len(self.broker.pending)

    def close(self):
        pass


class RedisWorld:
    def __init__(self, server) -> None:
        self.server = server
        self._client = server.client
        self._queues: list[RedisQueue] = []

    def worker(self, name):
        queue = RedisQueue(self.server.url, worker=name, lease_seconds=LEASE_SECONDS)
        self._queues.append(queue)
        return queue

    def put(self, job):
        self._client.xadd(JOBS, {"id": job.submission.id, "job": encode(job)})

    def age(self, seconds):
        for entry in self._client.xpending_range(JOBS, WORKERS, "-", "+", 1000):
            idle = entry["time_since_delivered"] + int(seconds * 1000)
            self._client.xclaim(
                JOBS,
                WORKERS,
                entry["consumer"],
                0,
                [entry["message_id"]],
                idle=idle,
                justid=True,
            )

    def cancel(self, submission):
        self._client.set(cancel_key(submission), 1)

    def results(self):
        return [decode(fields[b"result"], Result) for _, fields in self._client.xrange(RESULTS)]

    def dead(self):
        return [fields[b"id"].decode() for _, fields in self._client.xrange(DEAD)]

    def reports(self, worker):
        import msgspec

        data = self._client.get(worker_key(worker))
        return None if data is None else msgspec.json.decode(data, type=WorkerReport)

    def put_problem(self, problem):
        self._client.set(problem_key(problem.digest), encode(problem))

    def length(self):
        return self._client.xlen(JOBS)

    def close(self):
        for queue in self._queues:
            queue.close()


@pytest.fixture(params=["redis", "valkey"])
def real_world(request: pytest.FixtureRequest, servers) -> Iterator[RedisWorld]:
    world = RedisWorld(servers(request.param))
    yield world
    world.close()


@pytest.fixture(params=["fake", "redis", "valkey"])
def world(request: pytest.FixtureRequest, servers) -> Iterator[World]:
    world = FakeWorld() if request.param == "fake" else RedisWorld(servers(request.param))
    yield world
    world.close()


def test_jobs_are_taken_in_their_order_and_one_at_a_time(world: World, new_job: NewJob) -> None:
    for number in (1, 2):
        world.put(new_job(number))
    ada, bob = world.worker("ada"), world.worker("bob")
    first, second = _take(ada), _take(bob)
    assert (first.job, second.job) == (new_job(1), new_job(2))
    assert ada.take(0.01) is None


def test_a_finished_job_leaves_a_result_and_nothing_else(
    world: World, new_job: NewJob, accepted: Verdict
) -> None:
    world.put(new_job(1, attempt=3))
    worker = world.worker("ada")
    lease = _take(worker)
    assert worker.finish(lease, accepted, take_next=False).recorded
    assert world.results() == [
        Result(submission=f"{1:032x}", attempt=3, worker="ada", verdict=accepted)
    ]
    assert world.length() == 0


def test_reporting_twice_is_reporting_once(
    world: World, new_job: NewJob, accepted: Verdict
) -> None:
    world.put(new_job(1))
    worker = world.worker("ada")
    lease = _take(worker)
    worker.finish(lease, accepted, take_next=False)
    assert not worker.finish(lease, accepted, take_next=False).recorded
    assert len(world.results()) == 1


def test_the_next_job_comes_along_with_the_report(
    world: World, new_job: NewJob, accepted: Verdict
) -> None:
    for number in (1, 2):
        world.put(new_job(number))
    world.cancel(f"{2:032x}")
    worker = world.worker("ada")
    following = worker.finish(_take(worker), accepted, take_next=True).next
    assert following is not None
    assert following.job == new_job(2)
    assert following.cancelled
    assert worker.finish(following, accepted, take_next=True).next is None


def test_nothing_is_taken_along_by_a_worker_that_stops(
    world: World, new_job: NewJob, accepted: Verdict
) -> None:
    for number in (1, 2):
        world.put(new_job(number))
    worker = world.worker("ada")
    assert worker.finish(_take(worker), accepted, take_next=False).next is None
    assert _take(world.worker("bob")).job == new_job(2)


def test_a_lapsed_lease_goes_to_another_and_the_late_verdict_is_thrown_away(
    world: World, new_job: NewJob, accepted: Verdict
) -> None:
    world.put(new_job(1))
    late, heir = world.worker("late"), world.worker("heir")
    lost = _take(late)
    world.age(LEASE_SECONDS + 1)
    lease = _take(heir)
    assert (lease.job, lease.deliveries) == (lost.job, 2)
    assert late.renew(lost) is Standing.LOST
    assert not late.finish(lost, accepted, take_next=False).recorded
    assert world.results() == []
    assert heir.finish(lease, accepted, take_next=False).recorded
    assert [result.worker for result in world.results()] == ["heir"]


def test_a_renewed_lease_does_not_lapse_and_counts_no_delivery(
    world: World, new_job: NewJob
) -> None:
    world.put(new_job(1))
    worker = world.worker("ada")
    lease = _take(worker)
    for _ in range(DELIVERY_LIMIT + 2):
        world.age(0.6 * LEASE_SECONDS)
        assert worker.renew(lease) is Standing.HELD
    world.age(0.6 * LEASE_SECONDS)
    assert world.worker("bob").take(0.01) is None
    world.age(LEASE_SECONDS)
    assert _take(world.worker("carol")).deliveries == 2


def test_lapsed_jobs_are_found_behind_many_that_are_held(world: World, new_job: NewJob) -> None:
    holders = []
    for number in range(30):
        world.put(new_job(number))
        worker = world.worker(f"w{number}")
        holders.append((worker, _take(worker)))
    world.age(LEASE_SECONDS + 1)
    for worker, lease in holders[:-1]:
        worker.renew(lease)
    assert _take(world.worker("heir")).job == new_job(29)


def test_a_cancelled_job_says_so_when_its_lease_is_renewed(world: World, new_job: NewJob) -> None:
    world.put(new_job(1))
    worker = world.worker("ada")
    lease = _take(worker)
    world.cancel(f"{1:032x}")
    assert worker.renew(lease) is Standing.CANCELLED


def test_a_job_that_was_cancelled_before_it_is_taken_says_so(world: World, new_job: NewJob) -> None:
    world.put(new_job(1))
    world.cancel(f"{1:032x}")
    assert _take(world.worker("ada")).cancelled


def test_a_job_that_kills_its_workers_becomes_a_dead_letter_and_an_internal_error(
    world: World, new_job: NewJob, accepted: Verdict
) -> None:
    world.put(new_job(1, attempt=2))
    for number in range(DELIVERY_LIMIT):
        assert _take(world.worker(f"w{number}")).deliveries == number + 1
        world.age(LEASE_SECONDS + 1)
    assert world.worker("last").take(0.01) is None
    (result,) = world.results()
    assert (result.submission, result.attempt) == (f"{1:032x}", 2)
    assert result.verdict.status is Status.INTERNAL_ERROR
    assert world.dead() == [f"{1:032x}"]
    assert world.length() == 0


def test_a_released_job_comes_again_after_the_pause(world: World, new_job: NewJob) -> None:
    world.put(new_job(1))
    worker = world.worker("ada")
    worker.release(_take(worker), pause_seconds=5, blame=True)
    assert world.worker("early").take(0.01) is None
    world.age(5)
    assert _take(world.worker("bob")).deliveries == 2


def test_a_release_without_blame_does_not_count_as_a_delivery(
    world: World, new_job: NewJob
) -> None:
    world.put(new_job(1))
    for number in range(2 * DELIVERY_LIMIT):
        worker = world.worker(f"w{number}")
        lease = _take(worker)
        assert lease.deliveries == 1
        worker.release(lease, pause_seconds=0, blame=False)


def test_problems_come_from_the_cache_by_digest(world: World, problem: Problem) -> None:
    worker = world.worker("ada")
    assert worker.problem(problem.digest) is None
    world.put_problem(problem)
    assert worker.problem(problem.digest) == problem


def test_a_worker_tells_that_it_lives_and_takes_leave(world: World) -> None:
    worker = world.worker("ada")
    worker.take(0.01)
    report = WorkerReport(worker="ada", sandbox="none", started_at=1.0, graded=7)
    worker.report(report)
    assert world.reports("ada") == report
    worker.leave()
    assert world.reports("ada") is None


# ---- what only a real server can do


def test_progress_and_wishes_reach_subscribers(real_world: RedisWorld, new_job: NewJob) -> None:
    event = ProgressEvent(
        student="ada", submission=f"{1:032x}", attempt=1, progress=Progress(done=1, total=3)
    )
    with real_world._client.pubsub(ignore_subscribe_messages=True) as subscription:
        subscription.subscribe(EVENTS, WANTED)
        subscription.get_message(timeout=1)
        subscription.get_message(timeout=1)
        worker = real_world.worker("ada")
        worker.announce(event)
        assert _message(subscription) == encode(event)
        worker.announce(event)
        assert _message(subscription) == encode(event)
        worker.want("digest")
        assert _message(subscription) == b"digest"


def test_a_worker_survives_the_restart_of_its_server(
    real_world: RedisWorld, new_job: NewJob, accepted: Verdict
) -> None:
    real_world.put(new_job(1))
    worker = real_world.worker("ada")
    lease = _take(worker)
    real_world.server.settle()
    real_world.server.kill()
    with pytest.raises(Unavailable):
        worker.finish(lease, accepted, take_next=True)
    event = ProgressEvent(
        student="ada", submission=f"{1:032x}", attempt=1, progress=Progress(done=1, total=3)
    )
    worker.announce(event)  # is lost, and harms nobody
    worker.announce(event)
    real_world.server.start()
    assert worker.renew(lease) is Standing.HELD
    assert worker.finish(lease, accepted, take_next=True).recorded
    assert len(real_world.results()) == 1


def test_a_worker_survives_that_its_server_forgets_everything(
    real_world: RedisWorld, new_job: NewJob, accepted: Verdict
) -> None:
    real_world.put(new_job(1))
    worker = real_world.worker("ada")
    lease = _take(worker)
    real_world._client.flushall()
    real_world._client.script_flush()
    assert worker.renew(lease) is Standing.LOST
    assert not worker.finish(lease, accepted, take_next=True).recorded
    real_world.put(new_job(2))
    assert _take(worker).job == new_job(2)


def test_a_job_that_cannot_be_read_is_left_to_others_and_then_given_up(
    real_world: RedisWorld,
) -> None:
    real_world._client.xadd(JOBS, {"id": f"{1:032x}", "job": b"from the future"})
    for number in range(DELIVERY_LIMIT + 1):
        worker = real_world.worker(f"w{number}")
        for _ in range(2):
            assert worker.take(0.01) is None
        if number == 0:
            assert real_world.length() == 1
        real_world.age(LEASE_SECONDS + 1)
    (result,) = real_world.results()
    assert result.verdict.status is Status.INTERNAL_ERROR
    assert real_world.dead() == [f"{1:032x}"]


def test_a_server_that_refuses_to_write_is_unavailable(
    real_world: RedisWorld, new_job: NewJob, accepted: Verdict
) -> None:
    real_world.put(new_job(1))
    worker = real_world.worker("ada")
    lease = _take(worker)
    real_world._client.config_set("maxmemory", "1")
    try:
        with pytest.raises(Unavailable):
            worker.finish(lease, accepted, take_next=False)
    finally:
        real_world._client.config_set("maxmemory", "0")
    assert worker.finish(lease, accepted, take_next=False).recorded


def _take(worker: Queue):
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        lease = worker.take(0.5)
        if lease is not None:
            return lease
    raise AssertionError("no job came")


def _message(subscription) -> bytes:
    message = subscription.get_message(timeout=5)
    assert message is not None
    return message["data"]
