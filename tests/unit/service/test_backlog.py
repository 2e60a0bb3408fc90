"""The backlog: known without waiting for Redis, and how long it may take."""

import asyncio

from nbjudge_course.errors import Unavailable
from nbjudge_grader_service.backlog import Backlog
from nbjudge_grader_service.queue import FakeQueue


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

    backlog = Backlog(queue := Redis(answer))
    assert await backlog.length() == 7
    assert [await backlog.length() for _ in range(50)] == [7] * 50
    assert queue.asked == 1


async def test_a_redis_that_is_away_is_no_reason_to_refuse():
    async def answer():
        raise Unavailable

    assert await Backlog(Redis(answer)).length() == 0


async def test_a_redis_that_hangs_is_waited_for_once_and_briefly():
    async def answer():
        await asyncio.Event().wait()

    backlog = Backlog(queue := Redis(answer))
    async with asyncio.timeout(10):
        assert [await backlog.length() for _ in range(20)] == [0] * 20
    assert queue.asked == 1


async def test_the_wait_follows_the_pace_of_the_last_minute():
    backlog = Backlog(FakeQueue())
    unknown = backlog.wait_seconds(1000)
    backlog.graded(50)
    slow = backlog.wait_seconds(1000)
    backlog.graded(450)
    fast = backlog.wait_seconds(1000)
    assert unknown >= slow > fast >= 5.0
