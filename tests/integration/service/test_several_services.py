"""Three processes of the service behind one Redis and one PostgreSQL, and students of any of them."""

import asyncio
import json
from contextlib import ExitStack, asynccontextmanager

import pytest
from nbjudge_course.wire import JOBS, RESULTS, SERVICE, Job, decode
from postgres_server import new_postgres_url, postgres
from real_service import Class, ask, publish, ready, submit
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

__all__ = ["new_postgres_url", "postgres"]

WINDOW = 2
SERVICES = 3


@pytest.fixture
def room(tmp_path_factory, new_postgres_url):
    with ExitStack() as stack:
        one = Class(tmp_path_factory.mktemp("c"), new_postgres_url())
        stack.enter_context(one.running_redis())
        yield one


@pytest.fixture
async def services(room):
    """Give three running processes, each with its port."""
    with ExitStack() as stack:
        window = {"NBJUDGE_WINDOW": str(WINDOW)}
        all_ = [stack.enter_context(room.service(**window)) for _ in range(SERVICES)]
        await asyncio.gather(*(ready(port) for _, port in all_))
        await publish(all_[0][1])
        yield all_


class Notebook:
    """A student's open notebook: it keeps what it was told, and its last revision."""

    def __init__(self, token="a"):
        self.token, self.revision, self.told = token, 0, []

    @asynccontextmanager
    async def connected(self, port):
        url = f"ws://127.0.0.1:{port}/api/live?revision={self.revision}"
        headers = {"Authorization": f"token {self.token}"}
        live = await websocket_connect(HTTPRequest(url, headers=headers))
        listening = asyncio.create_task(self._listen(live))
        try:
            yield
        finally:
            live.close()
            await listening

    async def _listen(self, live):
        while (text := await live.read_message()) is not None:
            message = json.loads(text)
            if message["type"] == "submission":
                snapshot = message["submission"]
                assert snapshot["revision"] >= self.revision or snapshot["state"] != "done"
                self.revision = max(self.revision, snapshot["revision"])
                self.told.append(snapshot)

    @property
    def verdicts(self):
        return [one for one in self.told if one["state"] == "done"]

    async def sees(self, count):
        async with asyncio.timeout(60):
            while len(self.verdicts) < count:
                await asyncio.sleep(0.01)


async def graded(port, token, count):
    """Return all submissions of a student, by id, as the database has them once all are graded."""
    async with asyncio.timeout(60):
        while True:
            _, mine = await ask(port, "GET", "/api/submissions?limit=500", token=token)
            ended = {one["id"]: one for one in mine["submissions"] if one["state"] == "done"}
            if len(ended) == count:
                return ended
            await asyncio.sleep(0.05)


async def test_a_verdict_reaches_the_student_whichever_process_took_the_submission(room, services):
    notebook = Notebook()
    ports = [port for _, port in services]
    with room.workers(2):
        async with notebook.connected(ports[0]):
            accepted = [await submit(port) for port in ports for _ in range(3)]
            await notebook.sees(len(accepted))

    assert {one["id"] for one in notebook.verdicts} == {one["id"] for one in accepted}
    assert len(notebook.verdicts) == len(accepted)


async def test_who_is_connected_to_a_process_that_is_killed_misses_nothing_and_nothing_comes_twice(
    room, services
):
    notebook = Notebook()
    (doomed, first), (_, second), (_, third) = services
    source = "sleep 0.05"
    accepted = []
    with room.workers(3):
        async with notebook.connected(first):
            for number in range(15):
                accepted.append(await submit((second, third)[number % 2], source))
                if number == 10:
                    accepted.append(await submit(first, source))
            await notebook.sees(5)
            doomed.kill()
            doomed.wait()
        before = len(notebook.verdicts)
        accepted += [await submit(second, source) for _ in range(5)]
        async with notebook.connected(third):
            accepted += [await submit(second, source) for _ in range(5)]
            await notebook.sees(len(accepted))
        truth = await graded(second, "a", len(accepted))

    assert 5 <= before < len(accepted)
    assert sorted(one["id"] for one in notebook.verdicts) == sorted(truth)
    assert {one["id"]: one for one in notebook.verdicts} == truth
    revisions = [one["revision"] for one in notebook.verdicts]
    assert revisions == sorted(revisions)


async def test_each_submission_is_queued_once_and_no_process_exceeds_its_window(room, services):
    """Longer than two reconciliations, in which each process finds the same open jobs."""
    ports = [port for _, port in services]
    accepted = [await submit(ports[n % SERVICES], "sleep 0.2") for n in range(60)]
    most, queued = 0, set()
    with room.workers(1):
        async with asyncio.timeout(60):
            while len(queued) < len(accepted) or room.redis.xlen(JOBS):
                entries = await asyncio.to_thread(room.redis.xrange, JOBS)
                most = max(most, len(entries))
                queued |= {
                    (decode(each[b"job"], Job).submission.id, name) for name, each in entries
                }
                await asyncio.sleep(0.005)
        truth = await graded(ports[0], "a", len(accepted))

    assert sorted(submission for submission, _ in queued) == sorted(truth)
    assert set(truth) == {one["id"] for one in accepted}
    assert WINDOW <= most <= SERVICES * WINDOW


async def test_a_result_that_a_killed_process_had_taken_is_recorded_by_another(room, services):
    _, (_, port), _ = services
    accepted = await submit(port)
    job = await asyncio.to_thread(room.take)
    with room.redis.pipeline(transaction=True) as together:  # so that no living one gets it first
        room.report(job, together)
        together.xreadgroup(SERVICE, "the-killed-one", {RESULTS: ">"})
        _, taken = together.execute()
    assert len(taken[0][1]) == 1

    assert set(await graded(port, "a", 1)) == {accepted["id"]}
    async with asyncio.timeout(20):
        while room.redis.xlen(RESULTS):
            await asyncio.sleep(0.02)
