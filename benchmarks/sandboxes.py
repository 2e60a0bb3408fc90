"""The engines beside each other, in one run: the latency of a verdict, and what can be kept up.

Latency is that of a class at work: a pause after each submission, so that the pool is warm. What
can be kept up has no pause.

python benchmarks/sandboxes.py [--sandboxes bubblewrap,docker-shared,docker] [--seconds 8]
"""

import argparse
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from nbjudge_course.problem import Problem, Test
from nbjudge_worker.grade import SandboxedGrader
from nbjudge_worker.sandbox.engines import open_sandbox

SOURCE = "def double(n):\n    return 2 * n\n"
PROBLEM = Problem(
    id="benchmark",
    title="Double",
    tests=tuple(Test(name=f"test {n}", source=f"assert double({n}) == {2 * n}") for n in range(3)),
)
ROUNDS = 15
PAUSES_SECONDS = {"docker": 0.6, "docker:runsc": 1.2}
"""Long enough for one container to be replaced."""
USUAL_PAUSE_SECONDS = 0.05


@dataclass(frozen=True)
class Figures:
    """What one engine does."""

    name: str
    latency_seconds: float
    per_second: float

    def line(self, base: "Figures") -> str:
        """Return a row of the table, as ratios to the first engine as well."""
        latency, rate = self.latency_seconds, self.per_second
        return (
            f"| {self.name} | {1000 * latency:.1f} ms | {latency / base.latency_seconds:.1f} "
            f"| {rate:.1f} | {rate / base.per_second:.2f} |"
        )


def measured(name: str, seconds: float) -> Figures:
    """Open an engine and measure it. Raises Unavailable."""
    sandbox = open_sandbox(name)
    try:
        grader = SandboxedGrader(sandbox)
        pause = PAUSES_SECONDS.get(name, USUAL_PAUSE_SECONDS)
        grade(grader)
        time.sleep(3 * pause)
        latencies = []
        for _ in range(ROUNDS):
            latencies.append(grade(grader))
            time.sleep(pause)
        return Figures(name, statistics.median(latencies), kept_up(grader, seconds))
    finally:
        sandbox.close()


def grade(grader: SandboxedGrader) -> float:
    """Grade once as a worker does, and return how long the verdict took, in seconds."""
    began = time.perf_counter()
    verdict = grader.grade(PROBLEM, SOURCE, "python")
    took = time.perf_counter() - began
    assert verdict.status == "accepted", verdict
    grader.rest()  # when the verdict has been told; what can be kept up includes it
    return took


def kept_up(grader: SandboxedGrader, seconds: float) -> float:
    """Return how many a second are graded one after the other, once nothing is ahead any more."""
    for _ in range(4):
        grade(grader)
    began, done = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        grade(grader)
        done += 1
    return done / (time.perf_counter() - began)


def main(arguments: Sequence[str]) -> int:
    """Print a table; the first engine is what the others are compared with."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sandboxes", default="bubblewrap,docker-shared,docker,docker:runsc")
    parser.add_argument("--seconds", type=float, default=8.0)
    options = parser.parse_args(arguments)
    figures = [measured(name, options.seconds) for name in options.sandboxes.split(",")]
    print("| engine | a verdict, warm | times | kept up, a second | times |")
    print("| --- | --- | --- | --- | --- |")
    for row in figures:
        print(row.line(figures[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
