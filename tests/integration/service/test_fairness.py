"""One student's backlog does not hold another up."""

import asyncio
import json

import pytest
from real_service import Class, ask, publish, ready, submit

BACKLOG = 120
SLOW = "sleep 0.3"


@pytest.fixture
def room(tmp_path_factory, monkeypatch):
    for setting in ("NBJUDGE_BURST", "NBJUDGE_RATE_PER_MINUTE", "NBJUDGE_MAX_OPEN"):
        monkeypatch.setenv(setting, "100000")
    one = Class(tmp_path_factory.mktemp("c"))
    people = {"a": {"name": "ada"}, "b": {"name": "bob"}, "g": {"name": "grace"}}
    people["g"]["instructor"] = True
    (one.folder / "tokens.json").write_text(json.dumps(people))
    with one.running_redis():
        yield one


async def verdicts(port, token):
    _, mine = await ask(port, "GET", "/api/submissions?limit=500", token=token)
    return [one for one in mine["submissions"] if one["state"] == "done"]


@pytest.mark.parametrize("workers", [2, 4])
async def test_beside_a_backlog_of_120_a_newcomer_waits_for_two_rounds_of_grading_at_most(
    room, workers
):
    """Two rounds are twice what he waits when nobody else is there: his own is one of them."""
    with room.workers(workers), room.service() as (_, port):
        await ready(port)
        await publish(port)
        for _ in range(BACKLOG):
            await submit(port, SLOW)
        while not await verdicts(port, "a"):
            await asyncio.sleep(0.05)

        newcomer = await submit(port, SLOW, token="b")
        before = {one["id"] for one in await verdicts(port, "a")}
        while not await verdicts(port, "b"):
            await asyncio.sleep(0.02)
        meanwhile = {one["id"] for one in await verdicts(port, "a")} - before

    assert newcomer["state"] == "queued"
    assert len(before) < BACKLOG / 2
    assert len(meanwhile) <= 2 * workers
