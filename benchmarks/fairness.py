"""What one student's backlog costs another: the wait for a verdict beside it, and alone.

    python benchmarks/fairness.py [--workers 4] [--backlog 120] [--rounds 10]

Two kinds of programs: one that is graded at once, whose neighbours compete for the CPU, and one
that waits in a test, as real ones do for the disk, where only the order counts.
"""

import argparse
import asyncio
import secrets
import statistics
import tempfile
import time
from pathlib import Path

from nbjudge_course.problem import Problem, Test
from stand import FREELY, Stand
from student import Student

SOURCES = {
    "at once": "def f(n):\n    return n\n",
    "waiting 0.2 s": "import time\ndef f(n):\n    time.sleep(0.2)\n    return n\n",
}
PROBLEM = Problem(id="same", title="The same", tests=(Test(name="one", source="assert f(1) == 1"),))
RECONCILED_SECONDS = 6.0
"""By then the service knows how many workers there are."""


async def main(arguments: argparse.Namespace) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="nbf") as folder:
        stand = Stand(Path(folder), students=2, workers=arguments.workers, environment=FREELY)
        try:
            stand.start()
            stand.publish(PROBLEM)
            ada, bob = (Student(stand.port, token) for token in stand.tokens.values())
            await ada.connect()
            await bob.connect()
            await asyncio.sleep(RECONCILED_SECONDS)
            print(f"{arguments.workers} workers, a backlog of {arguments.backlog}; medians")
            for name, source in SOURCES.items():
                await compare(name, source, ada, bob, arguments)
            ada.close()
            bob.close()
        finally:
            stand.stop()


async def compare(
    name: str, source: str, ada: Student, bob: Student, arguments: argparse.Namespace
) -> None:
    """Print how long bob waits alone, beside ada's backlog, and how often as long that is."""
    alone = [await one(bob, source) for _ in range(3 * arguments.rounds)]
    beside = []
    for _ in range(arguments.rounds):
        backlog = [
            (await ada.submit(secrets.token_hex(16), PROBLEM.id, source))[1]
            for _ in range(arguments.backlog)
        ]
        waited = await one(bob, source)
        if not all(verdict.done() for verdict in backlog):  # else the workers were faster than ada
            beside.append(waited)
        await asyncio.gather(*backlog)
    if not beside:
        print(f"{name:16}the workers leave no backlog")
        return
    lone, other = statistics.median(alone), statistics.median(beside)
    print(
        f"{name:16}{1000 * lone:8.1f} ms alone {1000 * other:8.1f} ms beside it: "
        f"{other / lone:.2f} times as long (longest {max(beside) / lone:.2f})"
    )


async def one(student: Student, source: str) -> float:
    """Submit and return the seconds until the verdict is there."""
    began = time.time()
    _, verdict = await student.submit(secrets.token_hex(16), PROBLEM.id, source)
    arrived, _ = await verdict
    return float(arrived - began)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--backlog", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=10)
    asyncio.run(main(parser.parse_args()))
