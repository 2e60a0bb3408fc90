"""A connection that leads nowhere, although nobody has closed it, is noticed and made anew."""

import asyncio
from contextlib import aclosing

import pytest
from lossy_proxy import LossyProxy
from nbjudge_course.wire import ChangedEvent
from nbjudge_grader_service import redis_server
from nbjudge_grader_service.queue import RedisQueue, Resync
from stand import Part


class SilentProxy(LossyProxy):
    def silence(self):
        self._silent.update(self._open)


@pytest.fixture
async def proxy(tmp_path):
    program = redis_server.find_program()
    command = redis_server.arguments(program, data=tmp_path, socket=tmp_path / "r")
    part = Part("redis", command, {}, tmp_path / "redis.log")
    part.start()
    while not (tmp_path / "r").exists():
        await asyncio.sleep(0.02)
    proxy = SilentProxy(tmp_path / "p", tmp_path / "r")
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.stop()
        part.kill()


async def test_a_subscription_that_has_gone_silent_is_made_anew(proxy, tmp_path):
    listening, speaking = (RedisQueue(f"unix://{tmp_path / 'p'}") for _ in range(2))
    event = ChangedEvent(student="ada", revision=1)
    async with asyncio.timeout(60), aclosing(listening.events()) as events:
        assert await anext(events) == Resync()

        proxy.silence()

        assert await anext(events) == Resync()
        await speaking.publish(event)
        assert await anext(events) == event
    await listening.close()
    await speaking.close()
