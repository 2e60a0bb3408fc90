"""Results: one that cannot be recorded harms no other, and does not hold its student up."""

import asyncio
from contextlib import suppress

import pytest
from nbjudge_course.errors import Unavailable
from nbjudge_course.submission import State
from nbjudge_course.verdict import Status
from nbjudge_grader_service.results import record_results


async def record_until(store, queue, condition, graded=lambda _: None):
    task = asyncio.create_task(record_results(store, queue, graded))
    async with asyncio.timeout(10):
        while not await condition():
            await asyncio.sleep(0.01)
    assert not task.done()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.fixture
def statuses(store):
    async def now():
        verdicts = [one.verdict for one in await store.snapshots("ada")]
        return [verdict.status if verdict else None for verdict in reversed(verdicts)]

    return now


async def test_a_result_that_cannot_be_recorded_becomes_a_fault_of_the_grader(
    store, queue, accept, result, statuses, monkeypatch, caplog
):
    jobs = [await accept(number) for number in (1, 2, 3)]
    for job in jobs:
        await queue.enqueue(job)
        queue.take()
        queue.report(result(job, Status.WRONG_ANSWER if job is jobs[1] else Status.ACCEPTED))
    record = store.record

    async def poisoned(results):
        if any(one.verdict.status is Status.WRONG_ANSWER for one in results):
            raise RuntimeError("poison")
        return await record(results)

    monkeypatch.setattr(store, "record", poisoned)

    async def all_done():
        return None not in await statuses() and not await queue.known(
            [job.submission.id for job in jobs]
        )

    await record_until(store, queue, all_done)
    assert await statuses() == [Status.ACCEPTED, Status.INTERNAL_ERROR, Status.ACCEPTED]
    assert "poison" in caplog.text


async def test_a_result_waits_for_the_database(store, queue, accept, result, statuses):
    job = await accept(1)
    await queue.enqueue(job)
    queue.take()
    queue.report(result(job))
    store.broken = Unavailable()
    told = []

    async def heal():
        store.broken = None

    asyncio.get_running_loop().call_later(0.2, lambda: asyncio.ensure_future(heal()))

    async def done():
        return store.broken is None and await statuses() == [Status.ACCEPTED]

    await record_until(store, queue, done, told.extend)
    assert [one.status for one in told] == [Status.ACCEPTED]
    assert (await store.snapshot("ada", job.submission.id)).state is State.DONE
