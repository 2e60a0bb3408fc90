"""The hub: what each connection is told, and that no connection disturbs another."""

import asyncio
from contextlib import asynccontextmanager, suppress

import pytest
from nbjudge_course.errors import Unavailable
from nbjudge_course.submission import Progress, State
from nbjudge_course.verdict import Status
from nbjudge_course.wire import ChangedEvent, ProgressEvent, SubmissionFrame
from nbjudge_grader_service.live import Hub


class Ear:
    """A connection that keeps what it hears, or that leaves when it is told something."""

    def __init__(self, hub, student="ada", revision=0, leaves=False):
        self.hub, self.student, self.revision, self.leaves = hub, student, revision, leaves
        self.heard = []
        self.full = asyncio.Event()

    def send(self, frame):
        if self.leaves:
            self.hub.leave(self)
            return
        self.heard.append(frame)
        self.full.set()

    async def drained(self):
        return True

    @property
    def snapshots(self):
        return [frame.submission for frame in self.heard if isinstance(frame, SubmissionFrame)]

    async def hears(self, condition):
        async with asyncio.timeout(10):
            while not any(condition(one) for one in self.snapshots):
                self.full.clear()
                await self.full.wait()


@pytest.fixture
def hub(store, queue):
    return Hub(store, queue)


@asynccontextmanager
async def at_work(*works):
    tasks = [asyncio.create_task(work) for work in works]
    await asyncio.sleep(0)
    try:
        yield
        assert not any(task.done() for task in tasks)
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def progress(job, done, attempt=1):
    about = Progress(done=done, total=3)
    return ProgressEvent(
        student=job.submission.student,
        submission=job.submission.id,
        attempt=attempt,
        progress=about,
    )


async def test_all_that_was_missed_is_replayed_in_order_over_several_pages(hub, accept):
    for number in range(1, 251):
        await accept(number)
    ear = Ear(hub, revision=20)
    await hub.join(ear)
    assert [one.revision for one in ear.snapshots] == list(range(21, 251))


async def test_who_comes_from_another_database_gets_everything(hub, accept):
    await accept(1)
    ear = Ear(hub, revision=1_000)
    await hub.join(ear)
    assert [one.revision for one in ear.snapshots] == [1]


async def test_progress_is_told_to_who_comes_back_without_a_new_revision(hub, queue, accept):
    job = await accept(1)
    ear = Ear(hub, revision=1)
    async with at_work(hub.run()):
        await hub.join(ear)
        assert ear.snapshots == []
        await queue.publish(progress(job, 1))
        await ear.hears(lambda one: one.progress == Progress(done=1, total=3))
        late = Ear(hub, revision=1)
        await hub.join(late)
        assert [one.state for one in late.snapshots] == [State.RUNNING]


async def test_the_place_in_the_queue_is_told_to_who_comes_back(hub, queue, accept):
    await queue.enqueue(await accept(1, "bob"))
    await queue.enqueue(await accept(2))
    ear = Ear(hub, revision=1)
    async with at_work(hub.run_positions()):
        await hub.join(ear)
        await ear.hears(lambda one: one.position == 1)


async def test_who_leaves_while_being_told_disturbs_nobody(hub, queue, accept):
    await queue.enqueue(await accept(1, "bob"))
    await queue.enqueue(await accept(2))
    gone, ears = Ear(hub, "bob"), [Ear(hub), Ear(hub), Ear(hub)]
    for one in (gone, *ears):
        await hub.join(one)
    gone.leaves = ears[0].leaves = True
    async with at_work(hub.run_positions()):
        for ear in ears[1:]:
            await ear.hears(lambda one: one.position == 1)
    assert hub.listeners() == ears[1:]


async def test_what_could_not_be_read_is_told_when_the_database_is_back(
    hub, store, queue, accept, result
):
    job = await accept(1)
    ear = Ear(hub)
    await hub.join(ear)
    async with at_work(hub.run(), hub.run_positions()):
        await store.record([result(job)])
        store.broken = Unavailable()
        await queue.publish(ChangedEvent(student="ada", revision=2))
        await asyncio.sleep(0.05)
        store.broken = None
        await ear.hears(lambda one: one.state is State.DONE)


async def test_events_that_were_lost_are_made_up_for(hub, store, queue, accept, result):
    job = await accept(1)
    ear = Ear(hub)
    async with at_work(hub.run()):
        await hub.join(ear)
        await store.record([result(job)])  # and nobody rings
        queue.reconnect()
        await ear.hears(lambda one: one.state is State.DONE)


async def test_events_that_were_lost_while_the_database_was_away_are_made_up_for_to_everyone(
    hub, store, queue, accept, result
):
    students = ("ada", "bob", "cyd")
    jobs = [await accept(number, student) for number, student in enumerate(students, start=1)]
    ears = [Ear(hub, student) for student in students]
    async with at_work(hub.run(), hub.run_positions()):
        for ear in ears:
            await hub.join(ear)
        await store.record([result(job) for job in jobs])  # and nobody rings
        store.broken = Unavailable()
        queue.reconnect()
        await asyncio.sleep(0.05)
        store.broken = None
        for ear in ears:
            await ear.hears(lambda one: one.state is State.DONE)


async def test_a_new_attempt_is_not_shown_as_the_old_one_running(hub, store, queue, accept, result):
    job = await accept(1)
    async with at_work(hub.run()):
        ear = Ear(hub)
        await hub.join(ear)
        await queue.publish(progress(job, 2))
        await ear.hears(lambda one: one.state is State.RUNNING)
    hub.leave(ear)
    await store.record([result(job, Status.INTERNAL_ERROR)])
    await store.retry(job.submission.id)
    again = hub.present(await store.snapshot("ada", job.submission.id))
    assert (again.state, again.attempt, again.progress) == (State.QUEUED, 2, None)


async def test_nothing_is_remembered_of_who_has_left(hub, store, accept):
    ear = Ear(hub)
    await hub.join(ear)
    hub.leave(ear)
    await accept(1)
    await hub.changed("ada")
    assert not any((hub.listeners(), hub._queued, hub._locks, hub._behind))
