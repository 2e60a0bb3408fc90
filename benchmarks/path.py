"""The whole path: from the POST of a submission to the frame with its verdict at the websocket.

    python benchmarks/path.py [--seconds 10] [--json figures.json] [--students 1,10,100]

Measured on real processes (Redis, service, two workers) over loopback, against a bare
`python3 -c pass` in the same run, since the speed of a shared machine drifts: trust the ratios.
"""

import argparse
import asyncio
import json
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import redis
from nbjudge_course.problem import Problem, Test
from nbjudge_course.verdict import Status
from stand import FREELY, Stand
from student import Student

SOURCE = """\
def two_sum(numbers, target):
    seen = {}
    for index, number in enumerate(numbers):
        if target - number in seen:
            return [seen[target - number], index]
        seen[number] = index
"""
PROBLEM = Problem(
    id="two-sum",
    title="Two sum",
    tests=(
        Test(name="small", source="assert two_sum([2, 7, 11, 15], 9) == [0, 1]"),
        Test(name="negative", source="assert two_sum([-3, 4, 3, 90], 0) == [0, 2]"),
        Test(
            name="twice", source="assert two_sum([3, 3], 6) == [0, 1]", hidden=True, hint="Twice?"
        ),
    ),
)
STAGES = ("in Redis", "grading", "graded", "recorded", "frame")


async def main(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    crowds = [int(crowd) for crowd in arguments.students.split(",")]
    with tempfile.TemporaryDirectory(prefix="nbp") as folder:
        stand = Stand(
            Path(folder),
            students=max(crowds),
            workers=arguments.workers,
            environment=FREELY | dict(pair.split("=", 1) for pair in arguments.set),
        )
        try:
            stand.start()
            stand.publish(PROBLEM)
            figures = await measure(stand, crowds, arguments.seconds)
        except BaseException:
            print(stand.logs())
            raise
        finally:
            stand.stop()
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(figures, indent=2))
    return 0


async def measure(stand: Stand, crowds: Sequence[int], seconds: float) -> dict[str, Any]:
    """Run every part of the benchmark."""
    students = [Student(stand.port, token) for token in stand.tokens.values()]
    for student in students:
        await student.connect()
    await idle(students[0], rounds=30)  # warm
    figures: dict[str, Any] = {}
    bare, alone = await against_bare(students[0], rounds=100)
    figures["bare"], figures["idle"] = summary("python3 -c pass", bare), summary("idle", alone)
    ratio = statistics.median(alone) / statistics.median(bare)
    figures["idle"]["ratio"] = ratio
    print(f"idle median = {ratio:.2f} x python3 -c pass\n")
    figures["stages"] = await stages(stand, students[0], rounds=50)
    for crowd in crowds:
        figures[f"{crowd} at once"] = await at_once(students[:crowd], seconds)
    for student in students:
        student.close()
    return figures


async def against_bare(student: Student, rounds: int) -> tuple[list[float], list[float]]:
    """Alternate between starting a bare Python and submitting, in seconds each."""
    bare, alone = [], []
    for _ in range(rounds):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "pass"], check=True)
        bare.append(time.perf_counter() - began)
        await asyncio.sleep(0.02)
        alone += await idle(student, rounds=1)
        await asyncio.sleep(0.02)
    return bare, alone


async def idle(student: Student, rounds: int) -> list[float]:
    """Submit one after another and return how long each took, in seconds."""
    took = []
    for _ in range(rounds):
        began = time.time()
        arrived, _answered = await one(student, secrets.token_hex(16))
        took.append(arrived - began)
        await asyncio.sleep(0.01)
    return took


async def one(student: Student, submission: str) -> tuple[float, float]:
    """Submit, check the verdict, return when its frame and the POST's answer arrived."""
    answered, verdict = await student.submit(submission, PROBLEM.id, SOURCE)
    arrived, frame = await verdict
    status = frame.submission.verdict.status
    if status is not Status.ACCEPTED:
        raise AssertionError(f"{status}: {frame.submission.verdict}")
    return arrived, answered


async def at_once(students: Sequence[Student], seconds: float) -> dict[str, Any]:
    """Let every student submit again as soon as the verdict is there."""
    took: list[float] = []
    end = time.time() + seconds

    async def keep_on(student: Student) -> None:
        while (began := time.time()) < end:
            arrived, _ = await one(student, secrets.token_hex(16))
            took.append(arrived - began)

    began = time.time()
    await asyncio.gather(*map(keep_on, students))
    rate = len(took) / (time.time() - began)
    figures = summary(f"{len(students)} at once", took)
    figures["submissions_per_second"] = rate
    print(f"{'':24}{rate:8.1f} submissions a second\n")
    return figures


def summary(name: str, took: Iterable[float]) -> dict[str, Any]:
    """Print and return the usual percentiles in milliseconds."""
    ordered = sorted(took)
    figures = {
        "n": len(ordered),
        "p50_ms": 1000 * ordered[len(ordered) // 2],
        "p90_ms": 1000 * ordered[int(len(ordered) * 0.9)],
        "p99_ms": 1000 * ordered[int(len(ordered) * 0.99)],
    }
    print(
        f"{name:24}{figures['p50_ms']:8.2f} ms p50 {figures['p90_ms']:8.2f} p90 "
        f"{figures['p99_ms']:8.2f} p99   n={figures['n']}"
    )
    return figures


async def stages(stand: Stand, student: Student, rounds: int) -> dict[str, float]:
    """Print where the time goes, from what Redis' MONITOR saw of each submission.

    Watching costs Redis a little, so these rounds count for nothing else.
    """
    rows: dict[str, list[float]] = {}
    with redis.Redis.from_url(stand.redis_url) as client, client.monitor() as monitor:
        for _ in range(rounds):
            submission, began = secrets.token_hex(16), time.time()
            arrived, answered = await one(student, submission)
            client.echo(submission)
            times = seen(monitor)
            times |= {"answered": answered, "frame": arrived}
            previous = began
            rows.setdefault("POST answered", []).append(answered - began)
            for stage in STAGES:
                if stage in times:
                    rows.setdefault(stage, []).append(times[stage] - previous)
                    previous = times[stage]
            await asyncio.sleep(0.02)
    print("where the time goes (median ms, each since the stage before; POST since the start)")
    medians = {stage: 1000 * statistics.median(took) for stage, took in rows.items()}
    for stage, median in medians.items():
        print(f"  {stage:20}{median:8.2f}")
    print()
    return medians


def seen(monitor: Any) -> dict[str, float]:
    """Read the monitor up to the echo; return when each stage was first seen."""
    times: dict[str, float] = {}
    marks = {
        "in Redis": re.compile(r"XADD \{nbjudge\}:jobs"),
        "grading": re.compile(r"PUBLISH \{nbjudge\}:events .*progress"),
        "graded": re.compile(r"XADD \{nbjudge\}:results"),
        "recorded": re.compile(r"PUBLISH \{nbjudge\}:events .*changed"),
    }
    while True:
        command = monitor.next_command()
        text = command["command"]
        if text.upper().startswith("ECHO"):
            return times
        for stage, mark in marks.items():
            if stage not in times and mark.search(text):
                times[stage] = command["time"]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=10.0, help="of each crowd")
    parser.add_argument("--students", default="1,10,100", help="sizes of the crowds")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--json", help="also write the figures to this file")
    sys.exit(asyncio.run(main(parser.parse_args())))
