"""Dispatch: a few jobs of each student at a time, in their order, and none is forgotten."""

import asyncio

import pytest
from nbjudge_course.errors import Unavailable
from nbjudge_course.wire import WorkerReport
from nbjudge_grader_service.dispatch import Dispatcher, fair_window
from nbjudge_grader_service.queue import FakeQueue


class SlowQueue(FakeQueue):
    """Hands jobs over with a delay, and not at all while it is away."""

    away = False

    async def enqueue(self, job):
        await asyncio.sleep(0)
        if self.away:
            raise Unavailable
        return await super().enqueue(job)


@pytest.fixture
async def queue():
    return SlowQueue()


@pytest.fixture
def dispatcher(store, queue):
    return Dispatcher(store, queue, window=2)


def taken(queue):
    """Take all that waits, and return the numbers."""
    numbers = []
    while (job := queue.take()) is not None:
        numbers.append(int(job.submission.id, 16))
    return numbers


async def test_no_more_than_the_window_is_in_the_queue(dispatcher, queue, accept):
    for number in range(1, 6):
        await dispatcher.offer(await accept(number))
    assert await queue.length() == 2


async def test_jobs_that_come_at_once_keep_their_order(store, queue, accept):
    dispatcher = Dispatcher(store, queue, window=10)
    jobs = [await accept(number) for number in range(1, 9)]
    await asyncio.gather(*(dispatcher.offer(job) for job in jobs))
    assert taken(queue) == list(range(1, 9))


async def test_the_window_opens_when_a_verdict_is_recorded(dispatcher, queue, accept, result):
    jobs = [await accept(number) for number in range(1, 5)]
    for job in jobs:
        await dispatcher.offer(job)
    assert taken(queue) == [1, 2]
    queue.report(result(jobs[0]))
    await dispatcher.ring("ada")
    assert taken(queue) == []  # its result is not recorded yet
    entries = await queue.results(10, 0)
    await queue.done([entry for entry, _ in entries])
    await dispatcher.ring("ada")
    assert taken(queue) == [3]


async def test_a_new_process_finds_what_is_open_and_keeps_the_window(store, queue, accept):
    jobs = [await accept(number) for number in range(1, 5)]
    await queue.enqueue(jobs[0])
    await Dispatcher(store, queue, window=2).reconcile()
    assert taken(queue) == [1, 2]


async def test_what_could_not_be_handed_over_is_handed_over_later(dispatcher, queue, accept):
    queue.away = True
    await dispatcher.offer(await accept(1))
    await dispatcher.offer(await accept(2))
    assert await queue.length() == 0
    queue.away = False
    await dispatcher.reconcile()
    assert taken(queue) == [1, 2]


async def test_what_another_process_has_handed_over_fills_no_window(dispatcher, queue, accept):
    jobs = [await accept(number) for number in range(1, 5)]
    for job in jobs:
        await dispatcher.offer(job)
    assert taken(queue) == [1, 2]
    for number in (3, 4):  # another process does it, and both are graded at once
        await queue.enqueue(jobs[number - 1])
    queue.wipe()
    queue._attempts = {job.submission.id: 1 for job in jobs[2:]}
    await dispatcher.ring("ada")
    last = await accept(5)
    await dispatcher.offer(last)
    assert taken(queue) == [5]


async def test_a_job_that_the_queue_lost_but_remembers_is_queued_again(dispatcher, queue, accept):
    job = await accept(1)
    await dispatcher.offer(job)
    assert taken(queue) == [1]
    queue._running.clear()  # its result could not be read, and was put aside
    for _ in range(4):
        await dispatcher.reconcile()
    assert taken(queue) == [1]


async def test_a_submission_that_comes_during_a_reconciliation_keeps_its_place(
    store, queue, accept
):
    dispatcher = Dispatcher(store, queue, window=1)
    first = await accept(1)

    async def open_jobs(limit, after=None):
        await dispatcher.offer(first)
        return []  # as the database was a moment ago

    store.open_jobs = open_jobs
    await dispatcher.reconcile()
    await dispatcher.offer(await accept(2))
    assert taken(queue) == [1]


async def test_what_is_withdrawn_is_handed_over_no_more_and_makes_room(dispatcher, queue, accept):
    for number in range(1, 6):
        await dispatcher.offer(await accept(number))
    assert taken(queue) == [1, 2]
    await dispatcher.withdraw("ada", f"{3:032x}")
    await dispatcher.withdraw("ada", f"{1:032x}")
    assert taken(queue) == [4]


async def test_what_is_withdrawn_while_it_is_handed_over_takes_no_other_along(
    dispatcher, queue, accept
):
    jobs = [await accept(number) for number in range(1, 3)]
    handing = asyncio.create_task(dispatcher.offer(jobs[0]))
    await asyncio.sleep(0)
    await asyncio.gather(
        dispatcher.offer(jobs[1]), dispatcher.withdraw("ada", jobs[0].submission.id), handing
    )
    assert 2 in taken(queue)


def living(queue, count):
    for number in range(count):
        queue.beat(WorkerReport(worker=f"w{number}", sandbox="none", started_at=0.0))


@pytest.mark.parametrize(
    ("workers", "students", "window"), [(0, 0, 2), (1, 1, 2), (8, 1, 8), (8, 3, 3), (8, 30, 2)]
)
def test_the_window_is_a_share_of_the_workers_and_at_least_two(workers, students, window):
    assert fair_window(workers, students) == window


async def test_one_student_alone_keeps_every_worker_busy_and_no_more(store, queue, accept):
    living(queue, 5)
    dispatcher = Dispatcher(store, queue)
    await dispatcher.reconcile()
    for number in range(1, 9):
        await dispatcher.offer(await accept(number))
    assert taken(queue) == [1, 2, 3, 4, 5]


async def test_the_window_narrows_when_others_have_work(store, queue, accept):
    living(queue, 5)
    dispatcher = Dispatcher(store, queue)
    await dispatcher.reconcile()
    for number in range(1, 4):
        await dispatcher.offer(await accept(number, "ada"))
    for number in range(4, 9):
        await dispatcher.offer(await accept(number, "bob"))
    assert taken(queue) == [1, 2, 3, 4, 5, 6]
