"""A campaign: a crowd hands in while the nemesis is at work, then the history is checked."""

import asyncio
import re
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from chaos_stand import Stand
from coursework import KINDS, Outcome, outcome
from crowd import Student
from history_check import Database, History, read_database, violations
from nbjudge_course.standing import Standing
from nbjudge_course.verdict import Status
from nemesis import Nemesis, plan
from report import Report

_SUBMISSION = re.compile(r"\b[0-9a-f]{32}\b")


@dataclass(frozen=True)
class Tier:
    """How much is handed in, and what goes wrong meanwhile."""

    submissions: int
    students: int
    seconds: float
    """How long the nemesis is at work."""
    faults: Mapping[str, int]
    services: int = 2
    workers: int = 3
    patience_seconds: float = 30.0
    """After the last fault: how long no verdict may come while some are missing."""


CI = Tier(
    submissions=320,
    students=16,
    seconds=24.0,
    faults={
        "kill a worker": 7,
        "kill a service": 5,
        "kill Redis": 2,
        "wipe Redis": 2,
        "freeze a worker": 3,
        "freeze a service": 1,
        "freeze Redis": 1,
        "lock the database": 1,
        "lose replies": 5,
        "cut connections": 1,
        "delay replies": 1,
        "silence connections": 1,
        "fill the disk": 1,
        "jump the clock": 2,
    },
)
RELEASE = Tier(
    submissions=10_000,
    students=40,
    seconds=420.0,
    faults={
        "kill a worker": 80,
        "kill a service": 50,
        "kill Redis": 20,
        "wipe Redis": 15,
        "freeze a worker": 30,
        "freeze a service": 15,
        "freeze Redis": 10,
        "lock the database": 12,
        "lose replies": 40,
        "cut connections": 10,
        "delay replies": 10,
        "silence connections": 6,
        "fill the disk": 8,
        "jump the clock": 10,
    },
)


def run(tier: Tier, seed: int, new_stand: Callable[..., Stand] = Stand) -> Report:
    """Run a campaign with real processes and check its history."""
    with tempfile.TemporaryDirectory(prefix="nbc") as folder:
        stand = new_stand(
            Path(folder), students=tier.students, services=tier.services, workers=tier.workers
        )
        return asyncio.run(_run(stand, tier, seed))


async def _run(stand: Stand, tier: Tier, seed: int) -> Report:
    began = time.monotonic()
    students = [
        Student(name, token, stand.urls, f"{seed} {name}") for name, token in stand.tokens.items()
    ]
    nemesis = Nemesis(stand)
    live: list[asyncio.Task[None]] = []
    try:
        await stand.start()
        live += [asyncio.create_task(student.watch()) for student in students]
        calm = await _calm(students[0])
        await asyncio.gather(
            nemesis.run(plan(seed, tier.faults, tier.seconds)),
            *(
                student.hand_in(tier.submissions // tier.students, tier.seconds)
                for student in students
            ),
        )
        calm_again = time.monotonic()
        await _settle(stand, students, tier.patience_seconds)
        shown = [
            one.seen_at or 0.0 for student in students for one in student.journal.sent.values()
        ]
        standings = await asyncio.to_thread(_standings, stand)
    except BaseException as error:
        error.add_note(stand.logs())
        raise
    finally:
        for task in live:
            task.cancel()
        ends = await asyncio.gather(*live, return_exceptions=True)
        for student in students:
            student.close()
        database, leftovers, logs = await _end(stand)
    for end in ends:
        if not isinstance(end, asyncio.CancelledError):
            raise AssertionError("a student has closed his notebook") from end
    history = History(
        [student.journal for student in students], calm, database, standings, leftovers
    )
    found = violations(history)
    traces = [stand.mentions(name) for one in found for name in _SUBMISSION.findall(one.detail)]
    return Report(
        seed=seed,
        violations=found,
        faults=dict(nemesis.done),
        history=history,
        lost_replies=stand.proxy.lost,
        recovered_seconds=max(0.0, max(shown) - calm_again),
        lasted_seconds=time.monotonic() - began,
        logs="\n".join([*traces, logs]),
    )


async def _calm(student: Student) -> dict[Status, Outcome]:
    """Let each kind of program be graded before anything happens, and return the outcomes."""
    await student.hand_in_each()
    deadline = time.monotonic() + 30.0
    while student.missing():
        if time.monotonic() > deadline:
            raise TimeoutError("no verdicts even in calm times")
        await asyncio.sleep(0.05)
    calm: dict[Status, Outcome] = {}
    for sent in student.journal.sent.values():
        verdict = student.journal.view[sent.id].verdict
        if sent.kind is None or verdict is None or verdict.status is not sent.kind:
            raise AssertionError(f"{sent.kind} was graded {verdict}")
        calm[sent.kind] = outcome(verdict, sent.tag)
    assert set(calm) == set(KINDS)
    return calm


async def _settle(stand: Stand, students: Sequence[Student], patience_seconds: float) -> None:
    """Wait until all that was accepted is shown, or until no more comes."""
    missing, since = -1, time.monotonic()
    while now_missing := sum(student.missing() for student in students):
        if now_missing != missing:
            missing, since = now_missing, time.monotonic()
        if time.monotonic() > since + patience_seconds:
            return
        await asyncio.sleep(0.1)
    await stand.until(stand.is_well, "the parts have not come back")
    await asyncio.sleep(1.0)  # whatever comes twice would come now


def _standings(stand: Stand) -> dict[str, list[Standing]]:
    told = {}
    for name, token in stand.tokens.items():
        answer = stand.request("GET", "/api/standings", token)
        told[name] = msgspec.json.decode(answer, type=dict[str, list[Standing]])["standings"]
    return told


async def _end(stand: Stand) -> tuple[Database, Sequence[str], str]:
    logs = stand.logs()
    await asyncio.to_thread(stand.stop_parts)
    database = read_database(stand.database) if stand.database.exists() else Database({}, {})
    return database, await stand.leave(), logs
