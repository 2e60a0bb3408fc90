"""A class of 300 presses Submit just before the deadline, and the service is restarted meanwhile."""

import asyncio
import json
import time
from contextlib import ExitStack

import pytest
from audience import Audience, allow_many_files
from nbjudge_course.submission import State
from nbjudge_course.verdict import Status
from nbjudge_course.wire import encode_json
from real_service import PROBLEM, Class, ask, free_port, ready

CLASS = 300
TEACHER = "g"


@pytest.fixture
def room(tmp_path_factory):
    allow_many_files()
    with ExitStack() as stack:
        one = Class(tmp_path_factory.mktemp("c"))
        people = {f"s{n}": {"name": f"student{n}"} for n in range(CLASS)}
        people[TEACHER] = {"name": "grace", "instructor": True}
        (one.folder / "tokens.json").write_text(json.dumps(people))
        stack.enter_context(one.running_redis())
        yield one


async def published(port, closes_at):
    terms = {"due_at": closes_at - 1, "closes_at": closes_at, "late_deduct": 0.5}
    body = encode_json({"problem": PROBLEM, **terms})
    return (await ask(port, "PUT", f"/api/problems/{PROBLEM.id}", body, TEACHER))[0]


async def told(notebooks, condition):
    async with asyncio.timeout(60):
        while not all(one.latest and condition(one.latest) for one in notebooks):
            await asyncio.sleep(0.05)


async def test_each_reads_its_place_and_the_wait_and_is_graded_as_of_when_it_submitted(room):
    port = free_port()
    tokens = [f"s{n}" for n in range(CLASS)]
    address = {"NBJUDGE_SERVICE_PORT": str(port)}
    async with asyncio.timeout(110):
        with room.service(**address) as (service, _):
            await ready(port)
            assert await published(port, time.time() + 3600) == 200
            async with Audience(port, tokens) as audience:
                everyone = audience.notebooks
                await audience.submit(PROBLEM.id, "sleep 0.1")
                await told(everyone, lambda one: one.position is not None)
                assert sorted(one.latest.position for one in everyone) == list(range(CLASS))

                closed = time.time() - 1  # the deadline passes while they wait
                assert await published(port, closed) == 200
                last = max(everyone, key=lambda one: one.latest.position)
                with room.workers(3):
                    await told([last], lambda one: one.wait_seconds is not None)
                    waiting = last.latest
                    assert 0 < waiting.position < CLASS
                    assert waiting.position / 60 < waiting.wait_seconds < waiting.position
                    service.kill()
                    service.wait()
                    with room.service(**address):
                        await audience.whole()
                        _, refusal = await refused(port)

    assert all(one.latest.state is State.DONE for one in everyone)
    verdicts = [one.latest.verdict for one in everyone]
    assert {verdict.status for verdict in verdicts} == {Status.ACCEPTED}
    assert {verdict.points for verdict in verdicts} == {1.0}
    assert refusal["reason"] == "closed"


async def refused(port):
    """Submit once more, too late."""
    new = {"id": "f" * 32, "problem": PROBLEM.id, "source": "pass"}
    return await ask(port, "POST", "/api/submissions", json.dumps(new), "s0")
