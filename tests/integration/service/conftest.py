"""Processes of the service on one store and one queue in memory."""

from contextlib import AsyncExitStack

import pytest
from nbjudge_grader_service.admission import Policy
from nbjudge_grader_service.queue import FakeQueue
from nbjudge_grader_service.store import FakeStore
from service_process import problem, process


@pytest.fixture
def store():
    return FakeStore()


@pytest.fixture
async def queue():
    return FakeQueue()


@pytest.fixture
async def start(store, queue):
    """Start processes of the service on the same store and queue."""
    async with AsyncExitStack() as stack:

        async def start_one(**options):
            options = {"policy": Policy(burst=1000), **options}
            return await stack.enter_async_context(process(store, queue, **options))

        yield start_one


@pytest.fixture
async def client(start):
    """A service with one problem."""
    one = await start()
    assert (await one.publish(problem()))[0] == 200
    return one
