"""A job that kills each worker that takes it is given up, and nobody else suffers for it."""

import asyncio
import json
import sys
import time
import urllib.error
import uuid
from contextlib import suppress
from pathlib import Path

import pytest
from chaos_stand import Stand
from nbjudge_course.problem import Problem, Test
from nbjudge_course.wire import encode_json

PROBLEM = Problem(id="once", title="Once", tests=(Test(name="one", source="pass"),))
DELIVERIES = 4


class PoisonStand(Stand):
    worker = (sys.executable, str(Path(__file__).with_name("poison_worker.py")))


class Room:
    """The stand, with somebody who starts every worker again that has died."""

    def __init__(self, stand):
        self.stand = stand
        self.ada, self.bob = list(stand.tokens.values())[:2]

    async def ask(self, method, path, token, body=None):
        return json.loads(await asyncio.to_thread(self.stand.request, method, path, token, body))

    async def submit(self, token, source):
        new = {"id": uuid.uuid4().hex, "problem": PROBLEM.id, "source": source}
        return (await self.ask("POST", "/api/submissions", token, json.dumps(new).encode()))["id"]

    async def graded(self, token, submission):
        deadline = time.monotonic() + 60
        while True:
            snapshot = await self.ask("GET", f"/api/submissions/{submission}", token)
            if snapshot["state"] == "done":
                return snapshot
            assert time.monotonic() < deadline, self.stand.logs()
            await asyncio.sleep(0.05)

    async def nurse(self):
        while True:
            for worker in self.stand.workers:
                if worker.has_ended():
                    worker.start()
            await asyncio.sleep(0.05)

    def deaths(self):
        return len((self.stand.temporary / "deaths").read_text().splitlines())


@pytest.fixture
async def room(tmp_path_factory):
    folder = tmp_path_factory.mktemp("p")
    stand = PoisonStand(folder, students=2, services=1, workers=2)
    room = Room(stand)
    try:
        await stand.start()
        body = encode_json({"problem": PROBLEM, "attempts": 1})
        await room.ask("PUT", f"/api/problems/{PROBLEM.id}", stand.instructor, body)
        nurse = asyncio.create_task(room.nurse())
        yield room
        nurse.cancel()
        with suppress(asyncio.CancelledError):
            await nurse
    finally:
        await asyncio.to_thread(stand.stop_parts)
        assert await stand.leave() == []


async def refused(room, token, source):
    with pytest.raises(urllib.error.HTTPError) as told:
        await room.submit(token, source)
    with told.value as answer:
        return json.loads(answer.read())["reason"]


@pytest.mark.timeout(180)
async def test_a_job_that_kills_its_worker_ends_after_four_deliveries_and_costs_no_attempt(room):
    poisonous = await room.submit(room.ada, "poison")
    healthy = await room.submit(room.bob, "verdict wrong_answer")

    other = await room.graded(room.bob, healthy)
    fallen = await room.graded(room.ada, poisonous)

    assert other["verdict"]["status"] == "wrong_answer"
    assert fallen["verdict"]["status"] == "internal_error"
    assert "not your code's fault" in fallen["verdict"]["message"]
    assert room.deaths() == DELIVERIES

    (letter,) = (await room.ask("GET", "/api/dead", room.stand.instructor))["dead"]
    assert letter["submission"] == poisonous
    assert letter["job"]["submission"]["student"] == "student0"

    again = await room.submit(room.ada, "verdict accepted")
    assert (await room.graded(room.ada, again))["verdict"]["status"] == "accepted"
    assert await refused(room, room.ada, "verdict accepted") == "attempts_spent"


@pytest.mark.timeout(180)
async def test_what_was_given_up_is_graded_when_an_instructor_tries_it_again(room):
    submission = await room.submit(room.ada, "poison\nverdict accepted")
    assert (await room.graded(room.ada, submission))["verdict"]["status"] == "internal_error"
    (room.stand.temporary / "remedy").touch()

    answer = await room.ask(
        "POST", f"/api/submissions/{submission}/retry", room.stand.instructor, b""
    )

    assert answer == {"submission": submission, "attempt": 2}
    cured = await room.graded(room.ada, submission)
    assert (cured["verdict"]["status"], cured["attempt"]) == ("accepted", 2)
    assert room.deaths() == DELIVERIES
