"""Submissions that are given up, and a queue that is full: several processes, real workers."""

import asyncio
import json
import uuid
from contextlib import ExitStack

import pytest
from nbjudge_course.wire import JOBS, WORKERS
from real_service import Class, ask, publish, ready, submit
from tornado.httpclient import AsyncHTTPClient


@pytest.fixture
def room(tmp_path_factory):
    with ExitStack() as stack:
        one = Class(tmp_path_factory.mktemp("c"))
        stack.enter_context(one.running_redis())
        yield one


@pytest.fixture
async def ports(room):
    """Two running processes."""
    with ExitStack() as stack:
        ports = [stack.enter_context(room.service())[1] for _ in range(2)]
        await asyncio.gather(*(ready(port) for port in ports))
        await publish(ports[0])
        yield ports


async def now(port, submission):
    return (await ask(port, "GET", f"/api/submissions/{submission['id']}"))[1]


async def until(condition):
    async with asyncio.timeout(60):
        while not await condition():
            await asyncio.sleep(0.02)


async def verdict(port, submission):
    async def is_there():
        return (await now(port, submission))["state"] == "done"

    await until(is_there)
    return (await now(port, submission))["verdict"]["status"]


async def test_what_runs_is_given_up_through_another_process_and_the_worker_goes_on(room, ports):
    here, there = ports
    with room.workers(1):
        long = await submit(here, "one\nsleep 600")

        async def is_running():
            return (await now(here, long))["state"] == "running"

        await until(is_running)
        status, cancelled = await ask(there, "DELETE", f"/api/submissions/{long['id']}")
        assert (status, cancelled["verdict"]["status"]) == (200, "cancelled")
        assert (await now(here, long)) == cancelled
        assert await verdict(here, await submit(here)) == "accepted"
        assert (await now(there, long)) == cancelled


async def test_what_waits_in_the_stream_or_only_in_the_database_is_not_graded(room, ports):
    """A student has four at a time in the stream; the fifth waits in the database."""
    here, there = ports
    waiting = [await submit(here, "sleep 600") for _ in range(6)]
    for one in waiting:
        status, _ = await ask(there, "DELETE", f"/api/submissions/{one['id']}")
        assert status == 200
    with room.workers(1):
        assert await verdict(there, await submit(here)) == "accepted"
        assert [await verdict(here, one) for one in waiting] == ["cancelled"] * 6

        async def is_empty():
            return room.redis.xlen(JOBS) == 0

        await until(is_empty)


async def test_a_replaced_one_makes_room_and_the_newest_gets_its_verdict(room, ports):
    here, there = ports
    with room.workers(1):
        latest = await submit(here, "sleep 600")
        for number in range(10):
            new = {"id": uuid.uuid4().hex, "problem": "double", "source": f"sleep {600 + number}"}
            new["replaces"] = latest["id"]
            port = (here, there)[number % 2]
            status, latest = await ask(port, "POST", "/api/submissions", json.dumps(new))
            assert status == 202
        last = {"id": uuid.uuid4().hex, "problem": "double", "source": "", "replaces": latest["id"]}
        _, last = await ask(here, "POST", "/api/submissions", json.dumps(last))
        assert await verdict(there, last) == "accepted"
        _, mine = await ask(here, "GET", "/api/submissions")
        statuses = [one["verdict"]["status"] for one in mine["submissions"]]
        assert statuses == ["accepted"] + ["cancelled"] * 11
        _, standings = await ask(here, "GET", "/api/standings")
        assert standings["standings"][0]["attempts"] == 1


async def test_while_redis_is_away_a_submission_can_be_given_up(room, ports):
    here, _ = ports
    accepted = await submit(here)
    room.redis.execute_command("CLIENT", "PAUSE", "1000", "ALL")
    status, cancelled = await ask(here, "DELETE", f"/api/submissions/{accepted['id']}")
    assert (status, cancelled["verdict"]["status"]) == (200, "cancelled")
    with room.workers(1):
        assert await verdict(here, await submit(here)) == "accepted"
    assert (await now(here, accepted))["verdict"]["status"] == "cancelled"
    assert WORKERS.encode() in [group["name"] for group in room.redis.xinfo_groups(JOBS)]


async def test_who_meets_a_full_queue_is_told_when_to_come_back_and_nothing_is_lost(room):
    students = {f"s{n}": {"name": f"student{n}"} for n in range(12)}
    teacher = {"g": {"name": "grace", "instructor": True}}
    (room.folder / "tokens.json").write_text(json.dumps(students | teacher))
    turned_away = 0

    async def hand_in(port, token):
        """Post until it is taken; sooner than one is told, so that the test is short."""
        nonlocal turned_away
        new = {"id": uuid.uuid4().hex, "problem": "double", "source": "sleep 0.3"}
        while True:
            answer = await AsyncHTTPClient().fetch(
                f"http://127.0.0.1:{port}/api/submissions",
                method="POST",
                headers={"Authorization": f"token {token}"},
                body=json.dumps(new),
                raise_error=False,
            )
            body = json.loads(answer.body)
            if answer.code == 202:
                return token, body
            turned_away += 1
            assert (answer.code, body["reason"]) == (429, "queue_full")
            assert int(answer.headers["Retry-After"]) >= body["retry_after_seconds"] > 0
            assert "submissions are waiting" in body["message"]
            await asyncio.sleep(0.5)

    with room.service(NBJUDGE_MAX_QUEUE="3") as (_, port):
        await ready(port)
        await publish(port)
        first = [await hand_in(port, f"s{n}") for n in range(3)]
        await asyncio.sleep(0.3)  # its length is known as of a moment ago
        others = [asyncio.create_task(hand_in(port, f"s{n}")) for n in range(3, 12)]
        async with asyncio.timeout(100):
            while turned_away < 9:
                await asyncio.sleep(0.05)
            with room.workers(2):
                accepted = first + await asyncio.gather(*others)
                for token, submission in accepted:
                    while True:
                        path = f"/api/submissions/{submission['id']}"
                        _, seen = await ask(port, "GET", path, token=token)
                        if seen["state"] == "done":
                            break
                        await asyncio.sleep(0.05)
                    assert seen["verdict"]["status"] == "accepted"
