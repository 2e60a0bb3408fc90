"""A copy of the database alone brings a class back, whether Redis has kept its data or not."""

import asyncio
import json
from contextlib import ExitStack

import pytest
from nbjudge_course.outline import Outline, SetOutline
from nbjudge_course.wire import encode_json
from nbjudge_grader_service.store.copies import back_up, restore
from postgres_server import new_postgres_url, postgres
from real_service import PROBLEM, Class, ask, ready, submit
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

__all__ = ["new_postgres_url", "postgres"]

OUTLINE = Outline(title="C", sets=(SetOutline(id="s", title="S", problems=("double",)),))


@pytest.fixture(params=["sqlite", "postgresql"])
def room(request, tmp_path_factory):
    url = request.getfixturevalue("new_postgres_url")() if request.param == "postgresql" else None
    with ExitStack() as stack:
        one = Class(tmp_path_factory.mktemp("c"), url)
        stack.enter_context(one.running_redis())
        yield one


async def put(port):
    """Publish the problem with terms, and the sets."""
    terms = {"due_at": 2e9, "attempts": 50, "late_deduct": 0.5}
    body = encode_json({"problem": PROBLEM, **terms})
    assert (await ask(port, "PUT", "/api/problems/double", body, "g"))[0] == 200
    assert (await ask(port, "PUT", "/api/sets", encode_json(OUTLINE), "g"))[0] == 200


async def seen(port):
    """Return what the student is told of the course and of himself."""
    paths = ("/api/problems", "/api/sets", "/api/standings")
    return [(await ask(port, "GET", path))[1] for path in paths]


async def until_graded(port, accepted):
    """Return the statuses of these submissions once all have one."""
    statuses = {}
    async with asyncio.timeout(60):
        for one in accepted:
            while True:
                _, snapshot = await ask(port, "GET", f"/api/submissions/{one['id']}")
                if snapshot.get("state") == "done":
                    statuses[one["id"]] = snapshot["verdict"]["status"]
                    break
                await asyncio.sleep(0.1)
    return statuses


async def told(port, revision, count):
    """Connect with a revision and return the verdicts of so many submissions, and the revision."""
    headers = {"Authorization": "token a"}
    url = f"ws://127.0.0.1:{port}/api/live?revision={revision}"
    live = await websocket_connect(HTTPRequest(url, headers=headers))
    verdicts = {}
    async with asyncio.timeout(60):
        while len(verdicts) < count:
            message = json.loads(await live.read_message())
            if message["type"] == "submission":
                snapshot = message["submission"]
                assert snapshot["revision"] > revision
                if snapshot["state"] == "done":
                    verdicts[snapshot["id"]] = snapshot["verdict"]["status"]
    live.close()
    return verdicts


@pytest.mark.parametrize("redis", ["emptied", "kept"])
async def test_what_was_there_at_the_copy_is_there_again_and_gets_its_verdicts(
    room, tmp_path, redis
):
    copy = tmp_path / "copy"
    with room.service() as (_, port):
        await ready(port)
        await put(port)
        with room.workers(1):
            graded = [await submit(port), await submit(port, "verdict wrong_answer")]
            first = await until_graded(port, graded)
        course = await seen(port)
        waiting = [await submit(port, "verdict runtime_error") for _ in range(6)]
        _, mine = await ask(port, "GET", "/api/submissions")
        await asyncio.to_thread(back_up, room.database_url, copy)

        with room.workers(1):  # the class goes on; then the disk is lost
            after = await submit(port)
            await until_graded(port, [*waiting, after])
        last = (await ask(port, "GET", "/api/submissions"))[1]["revision"]
    if redis == "emptied":
        room.redis.flushall()
    restore(room.database_url, copy)

    with room.service() as (_, port), room.workers(1):
        await ready(port)
        verdicts = await told(port, last, len(graded) + len(waiting))
        assert verdicts == first | {one["id"]: "runtime_error" for one in waiting}
        assert (await ask(port, "GET", f"/api/submissions/{after['id']}"))[0] == 404
        problems, sets, standings = await seen(port)
        assert [problems, sets] == course[:2]
        assert standings["standings"][0]["points"] == course[2]["standings"][0]["points"]
        assert standings["standings"][0]["attempts"] == len(graded) + len(waiting)
        _, now = await ask(port, "GET", "/api/submissions")
        assert [one["id"] for one in now["submissions"]] == [
            one["id"] for one in mine["submissions"]
        ]
        assert now["revision"] > last
        again = await submit(port)
        assert await until_graded(port, [again]) == {again["id"]: "accepted"}
