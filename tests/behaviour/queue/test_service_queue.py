"""One suite for the service's queue: the fake, Redis and Valkey keep the same promises."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Protocol

import pytest
from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import Problem
from nbjudge_course.submission import Progress
from nbjudge_course.verdict import Status, Verdict
from nbjudge_course.wire import (
    JOBS,
    RESULTS,
    SERVICE,
    WORKERS,
    ChangedEvent,
    Job,
    ProgressEvent,
    PublishedEvent,
    Result,
    WorkerReport,
    cancel_key,
    worker_key,
)
from nbjudge_grader_service.queue import FakeQueue, Queue, RedisQueue, Resync
from nbjudge_worker.queue import RedisQueue as WorkerQueue
from nbjudge_worker.queue import given_up

STALE_SECONDS = 0.3
ENOUGH_SECONDS = 5.0
NewJob = Callable[..., Job]


class World(Protocol):
    """The queue, and one worker on its other side."""

    queue: Queue

    async def take(self) -> None: ...
    async def report(self, verdict: Verdict) -> None: ...
    async def bury(self) -> None: ...
    async def beat(self, report: WorkerReport) -> None: ...
    async def miss(self, version: str) -> None: ...
    async def lose_connections(self) -> None: ...
    async def lose_everything(self) -> None: ...
    async def cancelled(self, submission: str) -> bool: ...
    async def cached(self, version: str) -> Problem | None: ...
    async def another(self) -> Queue: ...
    async def close(self) -> None: ...


class FakeWorld:
    def __init__(self) -> None:
        self.queue = FakeQueue(stale_seconds=STALE_SECONDS)
        self._job: Job | None = None

    async def take(self):
        self._job = self.queue.take()

    async def report(self, verdict):
        self.queue.report(_result(self._job, verdict))

    async def bury(self):
        self.queue.take()
        self.queue.bury(_result(self._job, given_up(4)), "delivered too often")

    async def beat(self, report):
        self.queue.beat(report)

    async def miss(self, version):
        self.queue.miss(version)

    async def lose_connections(self):
        self.queue.reconnect()

    async def lose_everything(self):
        self.queue.wipe()

    async def cancelled(self, submission):
        return submission in self.queue.cancelled

    async def cached(self, version):
        return self.queue.problems.get(version)

    async def another(self):
        return self.queue

    async def close(self):
        pass


class RedisWorld:
    def __init__(self, server) -> None:
        self.server = server
        self.queue = RedisQueue(server.url, stale_seconds=STALE_SECONDS)
        self._others: list[RedisQueue] = []
        self._worker = WorkerQueue(server.url, worker="ada")
        self._lease = None

    async def take(self):
        self._lease = None
        while self._lease is None:
            self._lease = self._worker.take(0.5)

    async def report(self, verdict):
        assert self._worker.finish(self._lease, verdict, take_next=False).recorded

    async def bury(self):
        self._worker._bury(
            self._lease.entry.encode(), self._lease.job.submission.id, self._lease.job
        )

    async def beat(self, report):
        self._worker.take(0.01)
        self._worker.take(0.01)
        self._worker.report(report)

    async def miss(self, version):
        self._worker.want(version)

    async def lose_connections(self):
        self.server.client.client_kill_filter(_type="pubsub")

    async def lose_everything(self):
        self.server.client.flushall()
        self.server.client.script_flush()

    async def cancelled(self, submission):
        return bool(self.server.client.exists(cancel_key(submission)))

    async def cached(self, version):
        return self._worker.problem(version)

    async def another(self):
        self._others.append(RedisQueue(self.server.url, stale_seconds=STALE_SECONDS))
        return self._others[-1]

    async def close(self):
        self._worker.close()
        for queue in (self.queue, *self._others):
            await queue.close()


@pytest.fixture(params=["fake", "redis", "valkey"])
async def world(request: pytest.FixtureRequest, servers) -> AsyncIterator[World]:
    world = FakeWorld() if request.param == "fake" else RedisWorld(servers(request.param))
    yield world
    await world.close()


@pytest.fixture(params=["redis", "valkey"])
async def real_world(request: pytest.FixtureRequest, servers) -> AsyncIterator[RedisWorld]:
    world = RedisWorld(servers(request.param))
    yield world
    await world.close()


async def test_handing_the_same_attempt_over_twice_is_handing_it_over_once(
    world: World, new_job: NewJob
) -> None:
    assert await world.queue.enqueue(new_job(1))
    assert not await world.queue.enqueue(new_job(1))
    assert await world.queue.length() == 1


async def test_an_attempt_that_was_graded_is_not_queued_again_by_a_late_repetition(
    world: World, new_job: NewJob, accepted: Verdict
) -> None:
    await world.queue.enqueue(new_job(1, attempt=2))
    await world.take()
    await world.report(accepted)
    assert not await world.queue.enqueue(new_job(1, attempt=1))
    assert not await world.queue.enqueue(new_job(1, attempt=2))
    assert await world.queue.enqueue(new_job(1, attempt=3))


async def test_an_attempt_that_was_lost_is_queued_again_once_it_is_forgotten(
    world: World, new_job: NewJob, accepted: Verdict
) -> None:
    await world.queue.enqueue(new_job(1))
    await world.take()
    await world.report(accepted)
    ((entry, _),) = await _results(world.queue)
    await world.queue.done([entry])
    await world.queue.forget(new_job(1).submission.id)
    assert await world.queue.enqueue(new_job(1))
    assert await world.queue.length() == 1


async def test_a_result_comes_again_until_it_is_done(
    world: World, new_job: NewJob, accepted: Verdict
) -> None:
    await world.queue.enqueue(new_job(1))
    await world.take()
    await world.report(accepted)
    (entry, result), *others = await _results(world.queue)
    assert (result.submission, result.verdict, others) == (f"{1:032x}", accepted, [])
    assert await world.queue.results(10, 0.01) == []
    heir = await world.another()
    assert await _results(heir) == [(entry, result)]
    await world.queue.done([entry])
    await asyncio.sleep(2 * STALE_SECONDS)
    assert await world.queue.results(10, 0.01) == []
    assert await heir.results(10, 0.01) == []


async def test_results_come_up_to_the_limit(
    world: World, new_job: NewJob, accepted: Verdict
) -> None:
    for number in (1, 2, 3):
        await world.queue.enqueue(new_job(number))
        await world.take()
        await world.report(accepted)
    first = await _results(world.queue, limit=2)
    second = await _results(world.queue, limit=2)
    assert [result.submission for _, result in first + second] == [f"{n:032x}" for n in (1, 2, 3)]


async def test_a_waiting_reader_is_woken_by_a_result(
    world: World, new_job: NewJob, accepted: Verdict
) -> None:
    await world.queue.enqueue(new_job(1))
    await world.take()
    reader = asyncio.create_task(_results(world.queue))
    await asyncio.sleep(0.05)
    await world.report(accepted)
    assert len(await reader) == 1


async def test_a_submission_is_known_while_it_waits_runs_or_has_an_unrecorded_result(
    world: World, new_job: NewJob, accepted: Verdict
) -> None:
    one, two = f"{1:032x}", f"{2:032x}"

    async def known() -> bool:
        found = await world.queue.known([one, two])
        assert two not in found
        return one in found

    assert not await known()
    await world.queue.enqueue(new_job(1))
    assert await known()
    await world.take()
    assert await known()
    await world.report(accepted)
    assert await known()
    ((entry, _),) = await _results(world.queue)
    assert await known()
    await world.queue.done([entry])
    assert not await known()


async def test_nothing_is_known_when_everything_was_lost(world: World, new_job: NewJob) -> None:
    await world.queue.enqueue(new_job(1))
    await world.lose_everything()
    assert await world.queue.known([f"{1:032x}"]) == set()
    assert await world.queue.known([]) == set()
    assert await world.queue.results(10, 0.01) == []
    assert await world.queue.enqueue(new_job(1, attempt=2))
    assert await world.queue.known([f"{1:032x}"]) == {f"{1:032x}"}


async def test_places_count_those_that_no_worker_has_taken(world: World, new_job: NewJob) -> None:
    assert await world.queue.positions() == {}
    for number in (1, 2, 3):
        await world.queue.enqueue(new_job(number))
    assert await world.queue.positions() == {f"{1:032x}": 0, f"{2:032x}": 1, f"{3:032x}": 2}
    await world.take()
    assert await world.queue.positions() == {f"{2:032x}": 0, f"{3:032x}": 1}
    assert await world.queue.length() == 3


async def test_a_class_that_submits_at_once_is_handed_over_whole(
    world: World, new_job: NewJob
) -> None:
    handed = await asyncio.gather(*(world.queue.enqueue(new_job(n)) for n in range(500)))
    assert handed == [True] * 500
    assert await world.queue.length() == 500


async def test_places_in_a_long_queue_are_told_to_the_last(world: World, new_job: NewJob) -> None:
    for number in range(1200):
        await world.queue.enqueue(new_job(number))
    assert await world.queue.positions() == {f"{n:032x}": n for n in range(1200)}


async def test_the_load_counts_what_waits_what_runs_and_how_long_the_next_has_waited(
    world: World, new_job: NewJob, accepted: Verdict
) -> None:
    nothing = await world.queue.load()
    assert (nothing.waiting, nothing.running, nothing.oldest_waiting_seconds) == (0, 0, None)
    for number in (1, 2, 3):
        await world.queue.enqueue(new_job(number))
    before = await world.queue.load()
    assert (before.waiting, before.running, before.dead) == (3, 0, 0)
    await asyncio.sleep(0.05)
    await world.take()
    first = await world.queue.load()
    assert (first.waiting, first.running) == (2, 1)
    assert first.oldest_waiting_seconds is not None
    assert 0.05 <= first.oldest_waiting_seconds < 60
    await world.report(accepted)
    for _ in range(2):
        await world.take()
    last = await world.queue.load()
    assert (last.waiting, last.running, last.oldest_waiting_seconds) == (0, 2, None)


async def test_living_workers_are_told(world: World) -> None:
    assert await world.queue.workers() == []
    report = WorkerReport(worker="ada", sandbox="none", started_at=1.0)
    await world.beat(report)
    assert await world.queue.workers() == [report]


async def test_a_job_that_was_given_up_is_a_result_and_a_dead_letter(
    world: World, new_job: NewJob
) -> None:
    await world.queue.enqueue(new_job(1))
    await world.take()
    await world.bury()
    ((_, result),) = await _results(world.queue)
    assert result.verdict.status is Status.INTERNAL_ERROR
    (letter,) = await world.queue.dead()
    assert (await world.queue.load()).dead == 1
    assert (letter.job, letter.submission) == (new_job(1), f"{1:032x}")
    assert letter.reason == "delivered too often"


async def test_a_wish_to_cancel_reaches_the_worker(world: World) -> None:
    await world.queue.cancel(f"{1:032x}")
    assert await world.cancelled(f"{1:032x}")
    assert not await world.cancelled(f"{2:032x}")


async def test_what_is_taken_back_before_anybody_has_it_takes_no_place(
    world: World, new_job: NewJob
) -> None:
    for number in (1, 2, 3):
        await world.queue.enqueue(new_job(number))
    await world.take()
    for number in (1, 2):
        await world.queue.cancel(f"{number:032x}")
    load = await world.queue.load()
    assert (load.waiting, load.running) == (1, 1)
    assert await world.queue.known([f"{n:032x}" for n in (1, 2, 3)]) == {f"{1:032x}", f"{3:032x}"}
    await world.take()
    assert (await world.queue.load()).waiting == 0


async def test_what_is_taken_back_before_the_first_worker_comes_takes_no_place(
    world: World, new_job: NewJob
) -> None:
    await world.queue.enqueue(new_job(1))
    await world.queue.cancel(f"{1:032x}")
    assert await world.queue.length() == 0


async def test_what_a_worker_has_taken_or_graded_is_begun(
    world: World, new_job: NewJob, accepted: Verdict
) -> None:
    begun = world.queue.begun
    assert not await begun(f"{1:032x}")
    for number in (1, 2):
        await world.queue.enqueue(new_job(number))
    assert not await begun(f"{1:032x}")
    await world.take()
    assert await begun(f"{1:032x}")
    await world.report(accepted)
    assert await begun(f"{1:032x}")
    assert not await begun(f"{2:032x}")


async def test_a_worker_of_another_version_is_a_living_worker(real_world: RedisWorld) -> None:
    await real_world.beat(WorkerReport(worker="ada", sandbox="none", started_at=1.0))
    assert [one.worker for one in await real_world.queue.workers()] == ["ada"]
    real_world.server.client.set(worker_key("ada"), b'{"worker": "ada", "colour": "blue"}')
    assert len(await real_world.queue.workers()) == 1


async def test_no_script_stumbles_over_a_group_that_is_not_there_yet(
    real_world: RedisWorld,
) -> None:
    """Before Redis 7 an error within a script cannot be told apart from another."""
    await real_world.queue._clock(keys=[RESULTS], args=[SERVICE])
    worker = real_world._worker
    assert worker._jobs.run(worker._reclaim, [JOBS], [WORKERS, "ada", 1000, ""]) == []


async def test_events_reach_every_listener_after_a_first_resync(world: World) -> None:
    events = [
        ChangedEvent(student="ada", revision=3),
        PublishedEvent(problem="two-sum", version="v"),
        ProgressEvent(
            student="ada", submission=f"{1:032x}", attempt=1, progress=Progress(done=1, total=2)
        ),
    ]
    other = await world.another()
    async with aclosing(world.queue.events()) as here, aclosing(other.events()) as there:
        assert await _next(here) == await _next(there) == Resync()
        await world.queue.publish(events[0])
        await world.queue.done([], events[1:])
        assert [await _next(here) for _ in events] == events
        assert [await _next(there) for _ in events] == events


async def test_a_lost_connection_yields_a_resync(world: World) -> None:
    event = ChangedEvent(student="ada", revision=3)
    async with aclosing(world.queue.events()) as events:
        assert await _next(events) == Resync()
        await world.lose_connections()
        assert await _next(events) == Resync()
        await world.queue.publish(event)
        assert await _next(events) == event


async def test_problems_and_the_live_version_are_kept(world: World, problem: Problem) -> None:
    await world.queue.put_problem(problem)
    assert await world.cached(problem.digest) == problem
    assert await world.queue.current("two-sum") is None
    await world.queue.put_current("two-sum", problem.digest)
    assert await world.queue.current("two-sum") == problem.digest


async def test_what_workers_miss_is_told(world: World) -> None:
    async with aclosing(world.queue.wanted()) as wanted:
        first = asyncio.ensure_future(anext(wanted))
        while not first.done():
            await world.miss("digest")
            await asyncio.wait([first], timeout=0.05)
        assert first.result() == "digest"


# ---- what only a real server can do


async def test_the_queue_is_unavailable_while_its_server_is_down(
    real_world: RedisWorld, new_job: NewJob
) -> None:
    await real_world.queue.enqueue(new_job(1))
    real_world.server.settle()
    real_world.server.kill()
    with pytest.raises(Unavailable):
        await real_world.queue.enqueue(new_job(1))
    with pytest.raises(Unavailable):
        await real_world.queue.results(10, 0.01)
    real_world.server.start()
    assert not await real_world.queue.enqueue(new_job(1))
    assert await real_world.queue.length() == 1


async def test_a_result_that_cannot_be_read_blocks_nobody(
    real_world: RedisWorld, new_job: NewJob, accepted: Verdict
) -> None:
    real_world.server.client.xadd(RESULTS, {"id": f"{9:032x}", "result": b"from the future"})
    await real_world.queue.enqueue(new_job(1))
    await real_world.take()
    await real_world.report(accepted)
    ((_, result),) = await _results(real_world.queue)
    assert result.submission == f"{1:032x}"
    (letter,) = await real_world.queue.dead()
    assert (letter.submission, letter.job) == (f"{9:032x}", None)


def _result(job: Job | None, verdict: Verdict) -> Result:
    assert job is not None
    return Result(submission=job.submission.id, attempt=job.attempt, worker="ada", verdict=verdict)


async def _results(queue: Queue, limit: int = 10):
    async with asyncio.timeout(ENOUGH_SECONDS):
        while not (found := await queue.results(limit, 0.5)):
            pass
        return found


async def _next(iterator):
    async with asyncio.timeout(ENOUGH_SECONDS):
        return await anext(iterator)
