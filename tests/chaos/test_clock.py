"""The clock of Redis' machine is set back, which time servers do: leases lapse all the same."""

import time
from contextlib import contextmanager, suppress

import pytest
from chaos_stand import FakeClock
from nbjudge_course.errors import Unavailable
from nbjudge_course.submission import Submission
from nbjudge_course.verdict import Status, Verdict
from nbjudge_course.wire import Job
from nbjudge_grader_service import redis_server
from nbjudge_grader_service.queue import RedisQueue as ServiceQueue
from nbjudge_worker.queue import RedisQueue as WorkerQueue
from redis import Redis
from redis.exceptions import ConnectionError as NotThere
from stand import Part

JOB = Job(
    submission=Submission(
        id="a" * 32, student="ada", problem="p", version="0" * 32, language="python",
        source="pass", submitted_at=0.0,
    ),
    attempt=1,
)  # fmt: skip
VERDICT = Verdict(status=Status.ACCEPTED, cause=Status.ACCEPTED, points=1.0, max_points=1.0)
LEASE_SECONDS = 0.5


@pytest.fixture
def clock(tmp_path):
    return FakeClock(tmp_path / "clock")


@pytest.fixture
def url(tmp_path, clock):
    program = redis_server.find_program(lambda _: None)
    command = redis_server.arguments(program, data=tmp_path, socket=tmp_path / "r")
    part = Part("redis", command, clock.environment, tmp_path / "redis.log")
    part.start()
    try:
        with Redis(unix_socket_path=str(tmp_path / "r")) as client:
            until(lambda: answers(client))
        yield f"unix://{tmp_path / 'r'}"
    finally:
        part.kill()
        clock.tidy_up()


def answers(client):
    try:
        return client.ping()
    except NotThere:
        return False


def until(condition):
    deadline = time.monotonic() + 20
    while not (value := condition()):
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.02)
    return value


def taken(queue):
    """Who waits while the clock is set back waits until his own patience ends, and asks again."""
    with suppress(Unavailable):
        return queue.take(0.1)


@contextmanager
def worker(url, name):
    queue = WorkerQueue(url, worker=name, lease_seconds=LEASE_SECONDS)
    try:
        yield queue
    finally:
        queue.close()


async def enqueued(url):
    service = ServiceQueue(url)
    await service.enqueue(JOB)
    await service.close()


async def test_a_dead_worker_s_job_is_taken_over_although_the_clock_was_set_back(clock, url):
    await enqueued(url)
    with worker(url, "dead") as dead, worker(url, "alive") as alive:
        until(lambda: dead.take(0.1))

        clock.set(-3600)

        assert until(lambda: taken(alive)).deliveries == 2


async def test_a_result_that_a_dead_service_took_is_recorded_although_the_clock_was_set_back(
    clock, url
):
    await enqueued(url)
    with worker(url, "worker") as queue:
        lease = until(lambda: queue.take(0.1))
        queue.finish(lease, VERDICT, take_next=False)
    dead, alive = (ServiceQueue(url, stale_seconds=LEASE_SECONDS) for _ in range(2))
    while not await dead.results(10, 0.1):
        pass

    clock.set(-3600)

    deadline = time.monotonic() + 20
    while not (results := await alive.results(10, 0.1)):
        assert time.monotonic() < deadline, "the result does not come"
    assert [result.submission for _, result in results] == [JOB.submission.id]
    await dead.close()
    await alive.close()
