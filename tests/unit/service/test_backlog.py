"""The backlog: known without waiting for Redis, and how long it may take."""

import asyncio

import pytest
from nbjudge_course.errors import Unavailable
from nbjudge_grader_service.backlog import Backlog
from nbjudge_grader_service.queue import FakeQueue
from nbjudge_grader_service.store import FakeStore


class Redis(FakeQueue):
    def __init__(self, answer):
        super().__init__()
        self.answer, self.asked = answer, 0

    async def length(self):
        self.asked += 1
        return await self.answer()


async def test_many_requests_ask_redis_once():
    async def answer():
        return 7

    backlog = Backlog(queue := Redis(answer), FakeStore())
    assert await backlog.length() == 7
    assert [await backlog.length() for _ in range(50)] == [7] * 50
    assert queue.asked == 1


async def test_a_redis_that_is_away_is_no_reason_to_refuse():
    async def answer():
        raise Unavailable

    assert await Backlog(Redis(answer), FakeStore()).length() == 0


async def test_a_redis_that_hangs_is_waited_for_once_and_briefly():
    async def answer():
        await asyncio.Event().wait()

    backlog = Backlog(queue := Redis(answer), FakeStore())
    async with asyncio.timeout(10):
        assert [await backlog.length() for _ in range(20)] == [0] * 20
    assert queue.asked == 1


class Clock:
    """The time that the backlog sees."""

    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


class Graded(FakeStore):
    """So many verdicts a second are written while anything waits."""

    async def graded_count(self, since):
        return round(self.rate * (self.clock.now - since))


@pytest.fixture
async def busy(clock, accept):
    """A queue in which three jobs wait, the store of it, and what is known of both."""
    queue, graded = FakeQueue(), Graded()
    graded.clock, graded.rate = clock, 0.0
    for number in (1, 2, 3):
        await queue.enqueue(await accept(number))
    return queue, graded, Backlog(queue, graded, clock)


async def test_the_wait_follows_the_pace_while_jobs_wait(clock, busy):
    _, graded, backlog = busy
    assert backlog.wait_seconds(100) is None
    graded.rate = 2.0
    await backlog.look()
    assert backlog.wait_seconds(100) is None
    clock.now += 10
    await backlog.look()
    assert backlog.wait_seconds(100) == pytest.approx(50)
    graded.rate = 10.0
    clock.now += 40
    await backlog.look()
    assert backlog.wait_seconds(100) == pytest.approx(10)


async def test_a_quiet_hour_does_not_make_the_next_rush_look_slow(clock, busy):
    queue, graded, backlog = busy
    graded.rate = 5.0
    await backlog.look()
    clock.now += 10
    await backlog.look()
    jobs = [queue.take(), queue.take(), queue.take()]
    await backlog.look()
    graded.rate = 0.0
    clock.now += 3600
    await backlog.look()
    assert backlog.wait_seconds(100) == pytest.approx(20)
    assert len(jobs) == 3


async def test_when_nothing_is_graded_any_more_nothing_is_promised(clock, busy):
    _, graded, backlog = busy
    graded.rate = 5.0
    for _ in range(3):
        clock.now += 20
        await backlog.look()
    graded.rate = 0.0
    clock.now += 60
    await backlog.look()
    assert backlog.wait_seconds(100) is None


async def test_who_is_sent_away_comes_back_when_a_tenth_of_the_queue_is_free(clock, busy):
    _, graded, backlog = busy
    assert backlog.room_seconds(1000, 1000) == 60
    graded.rate = 10.0
    await backlog.look()
    clock.now += 20
    await backlog.look()
    assert backlog.room_seconds(1000, 1000) == pytest.approx(10)
    assert backlog.room_seconds(1200, 1000) == pytest.approx(30)
    assert backlog.room_seconds(3, 3) == 5
    assert backlog.room_seconds(10**6, 1000) == 600
