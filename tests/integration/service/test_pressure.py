"""The door under pressure: many at once, readers that stall, a Redis that hangs, odd requests."""

import asyncio
import json
import socket
import time
import uuid
from contextlib import closing

import pytest
from nbjudge_course.errors import Unavailable
from nbjudge_course.verdict import Status, Verdict
from nbjudge_course.wire import Result
from nbjudge_grader_service.admission import Policy
from nbjudge_grader_service.queue import FakeQueue
from service_process import frame, problem

LONG = "x" * 60_000


async def until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        await asyncio.sleep(0.01)


def wordy(job):
    """A result with much to read."""
    verdict = Verdict(
        status=Status.ACCEPTED, cause=Status.ACCEPTED, points=1.0, max_points=1.0, output=LONG
    )
    return Result(submission=job.submission.id, attempt=1, worker="w", verdict=verdict)


async def graded(client, queue, count):
    """Let so many submissions of ada be graded with much to read."""
    for _ in range(count):
        _, accepted = await client.submit()
        await until(lambda: queue._waiting)
        queue.report(wordy(queue.take()))
        while (await client.request("GET", f"/api/submissions/{accepted['id']}"))[1][
            "state"
        ] != "done":
            await asyncio.sleep(0.01)


async def test_many_requests_at_once_share_one_bucket(start):
    client = await start(policy=Policy(burst=3, rate_per_second=0.001))
    await client.publish(problem())
    answers = await asyncio.gather(*(client.submit() for _ in range(12)))
    assert sorted(status for status, _ in answers) == [202] * 3 + [429] * 9
    assert all(body["retry_after_seconds"] > 0 for status, body in answers if status == 429)


async def test_a_repetition_is_never_refused(start):
    client = await start(policy=Policy(burst=1, rate_per_second=0.001, max_open=1))
    await client.publish(problem())
    _, first = await client.submit()
    assert (await client.submit())[0] == 429
    await client.publish(problem(), closes_at=time.time() - 1)
    assert (await client.submit(id=first["id"]))[0] == 200


async def test_the_answer_tells_the_place_in_the_queue(client, queue):
    places = []
    for token in ("ada-token", "bob-token", "teacher-token"):
        places.append((await client.submit(token=token))[1]["position"])
        await asyncio.sleep(0.25)  # the length of the queue is known as of a moment ago
    assert places == [0, 1, 2]


class HangingQueue(FakeQueue):
    """Redis is frozen: it neither answers nor refuses."""

    hangs = False

    async def current(self, problem):
        await self._wait()
        return await super().current(problem)

    async def length(self):
        await self._wait()
        return await super().length()

    async def enqueue(self, job):
        await self._wait()
        return await super().enqueue(job)

    async def _wait(self):
        if self.hangs:
            await asyncio.sleep(30)
            raise Unavailable


class TestWhileRedisHangs:
    @pytest.fixture
    async def queue(self):
        return HangingQueue()

    async def test_submissions_are_accepted_all_the_same(self, client, queue):
        queue.hangs = True
        answers = await asyncio.wait_for(
            asyncio.gather(*(client.submit() for _ in range(5))), timeout=15
        )
        assert [status for status, _ in answers] == [202] * 5
        queue.hangs = False


def stalled(client):
    """Connect as a student who reads nothing at all."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", client.port))
    connection.sendall(
        b"GET /api/live?revision=0 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Authorization: token ada-token\r\n\r\n"
    )
    return connection


def dropped(client):
    """Return how many connections were cut, as it is told to Prometheus."""
    families = {one.name: one for one in client.service.metrics.families()}
    values = [one.value for one in families["nbjudge_websocket_dropped"].samples]
    return values[0]


async def test_a_reader_that_stalls_is_dropped_and_the_others_are_served(client, queue):
    hub = client.service.hub
    live = await client.connect()
    await frame(live, "hello")
    with closing(stalled(client)):
        await until(lambda: len(hub.listeners()) == 2)
        for _ in range(150):
            if len(hub.listeners()) == 1:
                break
            await graded(client, queue, 1)
            assert (await frame(live, state="done"))["submission"]["verdict"]["output"] == LONG
        assert len(hub.listeners()) == 1
    assert dropped(client) == 1
    await graded(client, queue, 1)
    assert (await frame(live, state="done"))["submission"]["verdict"]["output"] == LONG


async def test_a_long_history_is_replayed_whole_to_one_who_reads(client, queue):
    """Of more bytes than a connection may leave unread."""
    await graded(client, queue, 40)
    live = await client.connect()
    last = (await frame(live, "hello"))["revision"]
    seen = []
    while not seen or seen[-1] < last:
        seen.append((await frame(live))["submission"]["revision"])
    assert len(seen) == 40
    assert seen == sorted(seen)


async def test_an_id_that_ends_in_a_line_break_is_no_id(client):
    for fields in ({"id": uuid.uuid4().hex + "\n"}, {"problem": "double\n"}):
        status, refusal = await client.submit(**fields)
        assert (status, refusal["reason"]) == (400, "bad_message")


@pytest.mark.parametrize("name", ["%00", "a%0Ab", "%F0%9F%98%80", "x" * 5000])
async def test_odd_names_are_not_found(client, name):
    for path in (f"/api/problems/{name}", f"/api/submissions/{name}"):
        assert (await client.request("GET", path))[0] == 404
    status, refusal = await client.request("GET", f"/api/submissions?problem={name}")
    assert (status, refusal["reason"]) == (400, "bad_message")


async def test_a_problem_that_closes_before_it_opens_is_not_published(client):
    status, refusal = await client.publish(problem("Other"), opens_at=20.0, closes_at=10.0)
    assert (status, refusal["reason"]) == (400, "bad_message")
    assert (await client.request("GET", "/api/problems/double"))[1]["title"] == "Twice"


async def test_a_problem_over_ten_mebibytes_is_not_read(client):
    with socket.create_connection(("127.0.0.1", client.port)) as connection:
        connection.sendall(
            b"PUT /api/problems/double HTTP/1.1\r\nHost: x\r\n"
            b"Authorization: token teacher-token\r\nContent-Length: 10485761\r\n\r\n"
        )
        connection.setblocking(False)
        answer = await asyncio.wait_for(
            asyncio.get_running_loop().sock_recv(connection, 4096), timeout=10
        )
    assert answer.startswith(b"HTTP/1.1 4")
    assert (await client.request("GET", "/api/problems/double"))[1]["title"] == "Twice"


async def test_the_live_address_without_a_websocket_says_so(client):
    status, refusal = await client.request("GET", "/api/live")
    assert (status, refusal["reason"]) == (426, "websocket_only")


async def test_a_retry_is_told_through_every_process(start, queue):
    one, two = await start(), await start()
    await one.publish(problem())
    live = await two.connect()
    _, accepted = await one.submit()
    await until(lambda: queue._waiting)
    job = queue.take()
    fault = Verdict(
        status=Status.INTERNAL_ERROR, cause=Status.INTERNAL_ERROR, points=0.0, max_points=1.0
    )
    queue.report(Result(submission=job.submission.id, attempt=1, worker="w", verdict=fault))
    await frame(live, state="done")
    path = f"/api/submissions/{accepted['id']}/retry"
    assert (await one.request("POST", path, b"", token="teacher-token"))[0] == 202
    again = (await frame(live, state="queued"))["submission"]
    assert (again["attempt"], again["verdict"]) == (2, None)


async def test_no_answer_names_the_server_or_may_be_guessed_at(client):
    with socket.create_connection(("127.0.0.1", client.port)) as connection:
        connection.setblocking(False)
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(connection, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = await asyncio.wait_for(loop.sock_recv(connection, 4096), timeout=10)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"X-Content-Type-Options: nosniff" in head
    assert b"Server:" not in head
    assert json.loads(body) == {"status": "ok"}
