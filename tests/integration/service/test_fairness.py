"""One student's backlog does not hold another up."""

import asyncio
import json
import sqlite3
from contextlib import closing

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
        assert len(await verdicts(port, "a")) < BACKLOG / 2
        while not await verdicts(port, "b"):
            await asyncio.sleep(0.1)

    assert newcomer["state"] == "queued"
    assert graded_while_he_waited(room.folder / "nbjudge.db") <= 2 * workers


def graded_while_he_waited(database):
    """Tell how many verdicts of ada's were written between bob's submitting and his verdict."""
    query = (
        "SELECT count(*) FROM submissions AS hers JOIN submissions AS his ON his.student = 'bob'"
        " WHERE hers.student = 'ada' AND hers.done_at BETWEEN his.submitted_at AND his.done_at"
    )
    with closing(sqlite3.connect(database)) as connection:
        ((count,),) = connection.execute(query)
    return count
