"""Live connections: what an idle one costs, and how soon all are back after a kill.

    python benchmarks/websockets.py [--idle 1000,5000] [--storm 1000]

Measured on a real service process over loopback. This process holds the other ends on the same
machine, so the times are pessimistic; the memory is the service's own.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from audience import Audience, allow_many_files, cpu_seconds, grade_all, held_bytes
from nbjudge_course.problem import Problem, Test
from nbjudge_course.verdict import Status, Verdict
from nbjudge_course.wire import JOBS
from stand import Stand

PROBLEM = Problem(id="double", title="Twice", tests=(Test(name="one", source="assert True"),))
ACCEPTED = Verdict(status=Status.ACCEPTED, cause=Status.ACCEPTED, points=1.0, max_points=1.0)
_IDLE_SECONDS = 10.0


async def main(arguments: argparse.Namespace) -> int:
    """Measure and print."""
    allow_many_files()
    for count in map(int, arguments.idle.split(",")):
        print(await _measured(_idle, count), flush=True)
    print(await _measured(_storm, arguments.storm))
    return 0


async def _measured(measure: Callable[[Stand, int], Awaitable[str]], count: int) -> str:
    with tempfile.TemporaryDirectory(prefix="nbw") as folder:
        stand = Stand(Path(folder), students=count, workers=0)
        try:
            stand.start()
            stand.publish(PROBLEM)
            return await measure(stand, count)
        finally:
            stand.stop()


async def _idle(stand: Stand, count: int) -> str:
    pid, tokens = stand.service.pid, list(stand.tokens.values())
    async with Audience(stand.port, tokens[:1]):
        before_bytes = held_bytes(pid)
    began = time.monotonic()
    async with Audience(stand.port, tokens):
        took = time.monotonic() - began
        more_bytes = held_bytes(pid) - before_bytes
        before_seconds = cpu_seconds(pid)
        await asyncio.sleep(_IDLE_SECONDS)
        share = (cpu_seconds(pid) - before_seconds) / _IDLE_SECONDS
    each = more_bytes / count / 1024
    return (
        f"{count} idle: {more_bytes / 1024**2:.1f} MiB, {each:.1f} KiB each, "
        f"{share:.1%} of a core; connected in {took:.1f} s"
    )


async def _storm(stand: Stand, count: int) -> str:
    """Kill the service under its connections, and let the verdicts come before it is back."""
    async with Audience(stand.port, stand.tokens.values()) as audience:
        await audience.submit(PROBLEM.id)
        stand.wait_for(lambda: stand.redis_client.xlen(JOBS) == count, "the queue is not full")
        stand.service.kill()
        grade_all(stand.redis_client, ACCEPTED)
        began = time.monotonic()
        stand.service.start()
        await audience.whole()
        took = time.monotonic() - began
        twice = sum(times > 1 for one in audience.notebooks for times in one.verdicts.values())
    return f"storm of {count}: whole {took:.1f} s after the restart, {twice} verdicts told twice"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--idle", default="1000,5000")
    parser.add_argument("--storm", type=int, default=1000)
    sys.exit(asyncio.run(main(parser.parse_args())))
