"""How fast one worker grades, beside running the same cell in other ways. Prints ratios of one run.

The time is that of a submission which comes when the worker is ready, as most do: between two runs
there is a pause. How many a core bears comes from the CPU time of runs that follow each other, as
in the last minutes before the due time, preparing and tidying up included.

python benchmarks/grading.py [--sandbox bubblewrap] [--seconds 3] [--programs] [--json]
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from nbjudge_course.problem import Limits, Problem, Test
from nbjudge_worker.grade import SandboxedGrader, open_grader

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "grading"))

from program_sets import humaneval  # it stands beside the tests, in no package

from benchmarks.cpu_time import Clock, counted

Once = Callable[[], None]
Way = tuple[Once, Once]
"""What is timed, and what comes after it: its CPU time counts, but nobody waits for it."""

CALLS = 10_000
PAUSE_SECONDS = 0.1
"""So long that boxes which wait have warmed up."""

LIMITS = Limits(cpu_seconds=5.0, wall_seconds=20.0)
PLAIN = "def double(n):\n    return 2 * n\n"
PLAIN_TESTS = tuple(f"assert double({n}) == {2 * n}" for n in range(10))
NUMPY = "import numpy as np\n\n\ndef double(array):\n    return 2 * np.asarray(array)\n"


@dataclass(frozen=True)
class Workload:
    """A cell and its tests."""

    name: str
    source: str
    tests: tuple[str, ...]
    setup: str = ""
    libraries: tuple[str, ...] = ()

    @property
    def problem(self) -> Problem:
        """The problem as the grader takes it."""
        return Problem(
            id="benchmark",
            title=self.name,
            limits=LIMITS,
            setup=self.setup,
            libraries=self.libraries,
            tests=tuple(Test(name=f"test {n}", source=s) for n, s in enumerate(self.tests, 1)),
        )

    @property
    def script(self) -> str:
        """The same as one program."""
        return "\n".join((self.source, self.setup, *self.tests))


WORKLOADS = (
    Workload("plain cell, 10 tests", PLAIN, PLAIN_TESTS),
    Workload("plain cell, 10 tests, numpy held ready", PLAIN, PLAIN_TESTS, libraries=("numpy",)),
    Workload(
        "numpy cell, 10 tests",
        NUMPY,
        tuple(f"assert (double(np.arange({n})) == 2 * np.arange({n})).all()" for n in range(1, 11)),
        setup="import numpy as np",
        libraries=("numpy",),
    ),
    Workload(
        "10 tests of 1,000 calls",
        PLAIN,
        ("for n in range(1000):\n    assert double(n) == 2 * n",) * 10,
    ),
)


@dataclass(frozen=True)
class Measured:
    """What one way of running took."""

    way: str
    runs: int
    median_seconds: float
    p95_seconds: float
    cpu_seconds: float
    """CPU time of a run, of all processes together."""

    @property
    def a_second_a_core(self) -> float:
        """How many runs one core bears a second."""
        return 1 / self.cpu_seconds if self.cpu_seconds else float("inf")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, return 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sandbox", default="bubblewrap")
    parser.add_argument("--seconds", type=float, default=3.0, help="for each measurement")
    parser.add_argument("--programs", action="store_true", help="grade all of HumanEval as well")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    results = {}
    with counted() as clock, open_grader(options.sandbox) as grader:
        for workload in WORKLOADS:
            results[workload.name] = [
                measured(name, way, options.seconds, clock)
                for name, way in ways(workload, grader, options.sandbox)
            ]
        if options.programs:
            results["HumanEval, all right solutions"] = [whole_set(grader, options.sandbox, clock)]
    if options.json:
        print(json.dumps({name: [asdict(m) for m in rows] for name, rows in results.items()}))
    else:
        for name, rows in results.items():
            print(table(name, rows))
        plain, calls = (results[workload.name][-1] for workload in (WORKLOADS[0], WORKLOADS[-1]))
        call = (calls.median_seconds - plain.median_seconds) / CALLS
        print(f"\na remote call: {call * 1e6:.0f} microseconds")
    return 0


def ways(workload: Workload, grader: SandboxedGrader, sandbox: str) -> list[tuple[str, Way]]:
    """Return each way of running the workload once, the way of the others first."""
    problem, script = workload.problem, workload.script
    code = compile(script, "<script>", "exec")

    def graded() -> None:
        verdict = grader.grade(problem, workload.source, "python")
        assert verdict.status == "accepted", verdict

    def alone(once: Once) -> Way:
        return once, lambda: None

    return [
        ("python3 -c pass", alone(lambda: run([sys.executable, "-c", "pass"]))),
        ("fresh bwrap python3", alone(lambda: run([*bwrap(), sys.executable, "-I", "-c", script]))),
        ("exec in this process", alone(lambda: exec(code, {}))),
        *(
            [("nbclient, fresh kernel", alone(lambda: in_kernel(workload)))]
            if find_spec("nbclient")
            else []
        ),
        (f"nbjudge, {sandbox}", (graded, grader.rest)),
    ]


def in_kernel(workload: Workload) -> None:
    """Run the cells of the workload in a Jupyter kernel of their own."""
    import nbclient  # noqa: PLC0415  # only the author's side has it
    import nbformat  # noqa: PLC0415  # the same

    cells = [workload.source, workload.setup, *workload.tests]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells if cell]
    )
    quiet = ["--IPKernelApp.log_level=ERROR"]
    nbclient.NotebookClient(notebook, kernel_name="python3", extra_arguments=quiet).execute()


def run(command: Sequence[str]) -> None:
    """Run a command that must succeed."""
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True)


def bwrap() -> list[str]:
    """Return the start of a command that runs in fresh namespaces, as plain users of it would."""
    shown = [p for p in ("/usr", "/bin", "/lib", "/lib64", "/etc") if Path(p).exists()]
    shown += [path for path in {sys.prefix, sys.base_prefix} if not path.startswith("/usr")]
    binds = [word for path in shown for word in ("--ro-bind", path, path)]
    return ["bwrap", *binds, "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "--unshare-all",
            "--die-with-parent", "--cap-drop", "ALL"]  # fmt: skip


def measured(name: str, way: Way, seconds: float, clock: Clock) -> Measured:
    """Run it for some seconds, after a warm-up: with pauses for the time, without for the load."""
    once, after = way
    for _ in enough(seconds / 3):
        once()
        after()
    times: list[float] = []
    for _ in enough(seconds):
        time.sleep(PAUSE_SECONDS)
        began = time.perf_counter()
        once()
        times.append(time.perf_counter() - began)
        after()
    cpu, runs = clock(), 0
    for _ in enough(seconds):
        once()
        after()
        runs += 1
    return summed_up(name, times, (clock() - cpu) / runs)


def enough(seconds: float, times: int = 5) -> Iterator[None]:
    """Yield for so many seconds, and so many times at least."""
    end = time.monotonic() + seconds
    while time.monotonic() < end or times > 0:
        yield
        times -= 1


def whole_set(grader: SandboxedGrader, sandbox: str, clock: Clock) -> Measured:
    """Grade every right solution of HumanEval once, one after another."""
    programs = [program for program in humaneval() if program.results == ("passed",)]
    times, cpu = [], clock()
    for program in programs:
        began = time.perf_counter()
        assert grader.grade(program.problem, program.source, "python").status == "accepted"
        times.append(time.perf_counter() - began)
        grader.rest()
    return summed_up(f"nbjudge, {sandbox}", times, (clock() - cpu) / len(times))


def summed_up(name: str, times: list[float], cpu_seconds: float) -> Measured:
    """Return the median and the 95th percentile of the times beside the CPU time of one run."""
    times.sort()
    p95 = times[int(len(times) * 0.95)]
    return Measured(name, len(times), statistics.median(times), p95, cpu_seconds)


def table(name: str, rows: Sequence[Measured]) -> str:
    """Return the measurements as text, with the ratio of each to the first."""
    lines = [
        f"\n{name}",
        f"  {'':24}{'median':>10}{'95 %':>10}{'CPU':>10}{'a second':>10}{'ratio':>8}",
    ]
    for row in rows:
        ratio = row.median_seconds / rows[0].median_seconds
        lines.append(
            f"  {row.way:24}{row.median_seconds * 1e3:8.2f}ms{row.p95_seconds * 1e3:8.2f}ms"
            f"{row.cpu_seconds * 1e3:8.2f}ms{row.a_second_a_core:10.0f}{ratio:8.2f}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
