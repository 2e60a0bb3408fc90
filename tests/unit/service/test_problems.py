"""What is live: cached, and yet never older than the last publication."""

import msgspec
import pytest
from nbjudge_course.errors import Unavailable
from nbjudge_course.terms import Terms
from nbjudge_grader_service import problems as module
from nbjudge_grader_service.problems import Problems
from nbjudge_grader_service.queue import FakeQueue
from nbjudge_grader_service.store import FakeStore


class CountingStore(FakeStore):
    """Counts the reads, and can be overtaken by a publication in the middle of one."""

    def __init__(self):
        super().__init__()
        self.reads = 0
        self.meanwhile = None

    async def statement(self, problem):
        self.reads += 1
        found = await super().statement(problem)
        if self.meanwhile is not None:
            meanwhile, self.meanwhile = self.meanwhile, None
            await meanwhile()
        return found


class BrokenQueue(FakeQueue):
    away = False

    async def put_current(self, problem, version):
        if self.away:
            raise Unavailable
        await super().put_current(problem, version)

    async def current(self, problem):
        if self.away:
            raise Unavailable
        return await super().current(problem)


@pytest.fixture
async def store(problem):
    return CountingStore()


@pytest.fixture
async def queue():
    return BrokenQueue()


@pytest.fixture
def here(store, queue):
    return Problems(store, queue)


@pytest.fixture
def there(store, queue):
    """Another process."""
    return Problems(store, queue)


async def publish(problems, problem, title, **times):
    return await problems.publish(
        msgspec.structs.replace(problem, title=title),
        Terms(**times),
    )


async def test_a_statement_is_read_from_the_database_once(here, there, store, problem):
    await publish(there, problem, "one")
    titles = [(await here.statement("double")).title for _ in range(5)]
    assert (titles, store.reads) == (["one"] * 5, 1)


async def test_a_publication_elsewhere_is_seen_at_once_without_any_event(here, there, problem):
    await publish(here, problem, "one")
    for title in ("two", "three", "two"):
        await here.statement("double")
        await publish(there, problem, title)
        assert (await here.statement("double")).title == title


async def test_new_times_of_the_same_version_are_seen_at_once(here, there, problem):
    await publish(here, problem, "one")
    await here.statement("double")
    await publish(there, problem, "one", closes_at=5.0)
    assert (await here.statement("double")).closes_at == 5.0


async def test_what_was_read_before_a_publication_is_not_kept_after_it(here, there, store, problem):
    await publish(there, problem, "one")

    async def meanwhile():
        await publish(there, problem, "two")

    store.meanwhile = meanwhile
    assert (await here.statement("double")).title == "one"  # it was asked before
    assert (await here.statement("double")).title == "two"


async def test_the_mark_is_made_anew_when_redis_has_lost_it(here, there, queue, store, problem):
    await publish(there, problem, "one")
    queue.wipe()
    for _ in range(4):
        assert (await here.statement("double")).title == "one"
    assert store.reads == 2
    await publish(there, problem, "two")
    assert (await here.statement("double")).title == "two"


async def test_without_redis_the_database_is_asked(here, there, queue, store, problem):
    await publish(there, problem, "one")
    await here.statement("double")
    queue.away = True
    await store.publish(msgspec.structs.replace(problem, title="two"))
    assert (await here.statement("double")).title == "two"


async def test_a_publication_that_could_not_be_announced_is_announced_later(
    here, there, queue, problem
):
    await publish(there, problem, "one")
    await here.statement("double")
    queue.away = True
    with pytest.raises(Unavailable):
        await publish(there, problem, "two")
    queue.away = False
    await there.synchronize()
    assert (await here.statement("double")).title == "two"


async def test_no_statement_is_kept_for_long(here, there, queue, store, problem, monkeypatch):
    """Even if the publisher dies between its two writes."""
    monkeypatch.setattr(module, "MAX_AGE_SECONDS", 0.0)
    await publish(there, problem, "one")
    await here.statement("double")
    await store.publish(msgspec.structs.replace(problem, title="two"))
    assert (await here.statement("double")).title == "two"
