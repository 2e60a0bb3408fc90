"""`nbjudge run` as a person uses it: one command, a verdict, Ctrl-C; and nothing left behind."""

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

DEADLINE_SECONDS = 90.0
NBJUDGE = [sys.executable, "-m", "nbjudge_course"]

pytestmark = pytest.mark.timeout(300)


def until(condition: Callable[[], Any], what: str) -> Any:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        found = condition()
        if found:
            return found
        assert time.monotonic() < deadline, f"in vain: {what}"
        time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(url: str, token: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        url,
        data,
        headers={"Authorization": f"token {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)


@dataclass(frozen=True)
class Process:
    """A process, told from a later one with the same id by the time of its start."""

    pid: int
    started: str

    def is_alive(self) -> bool:
        stat = process_stat(self.pid)
        return stat is not None and stat[19] == self.started and stat[0] != "Z"


def process_stat(pid: int) -> list[str] | None:
    """Return the fields of /proc/PID/stat from the third on: state, parent, group, ..."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None


def descendants(pid: int) -> set[Process]:
    """Return the process with all that it started, and what those started."""
    stats = {
        int(path.name): stat
        for path in Path("/proc").glob("[0-9]*")
        if (stat := process_stat(int(path.name)))
    }
    found, new = set(), {pid}
    while new:
        found |= new
        new = {other for other, stat in stats.items() if int(stat[1]) in found} - found
    return {Process(one, stats[one][19]) for one in found if one in stats}


class Run:
    """One `nbjudge run` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder / "output"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("NBJUDGE_")}
        environment["NBJUDGE_SERVICE_PORT"] = str(free_port())
        self.environment = environment
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [*NBJUDGE, "run", "--no-browser", "--workers", "1", "--port", str(free_port())],
                cwd=folder,
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        return self.output.read_text()

    def wait_until_ready(self) -> "Run":
        def ready() -> bool:
            assert self.process.poll() is None, self.text
            return "Ctrl-C stops everything" in self.text

        until(ready, "the address")
        return self

    def address(self) -> str:
        return re.search(r"http://\S+/lab\S*", self.text)[0]

    def lab(self) -> tuple[str, str]:
        base, token = re.fullmatch(r"(http://[^/]+)/lab\S*\?token=(\w+)", self.address()).groups()
        return base, token

    def service(self) -> tuple[str, str]:
        base = re.search(r"service\s+(http://\S+)", self.text)[1]
        return base, next(iter(json.loads((self.folder / ".nbjudge/tokens.json").read_text())))

    def submit(self, problem: str, source: str) -> dict[str, Any]:
        """Send it through the student's Jupyter server and return the verdict."""
        base, token = self.lab()
        id_ = secrets.token_hex(16)
        body = {"id": id_, "problem": problem, "language": "python", "source": source}
        ask(f"{base}/nbjudge/api/submissions", token, body)

        def verdict() -> dict[str, Any] | None:
            return ask(f"{base}/nbjudge/api/submissions/{id_}", token).get("verdict")

        return until(verdict, f"a verdict on {problem}")

    def pid_of(self, words: str) -> int | None:
        for one in descendants(self.process.pid):
            try:
                line = Path(f"/proc/{one.pid}/cmdline").read_bytes().replace(b"\0", b" ")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if words in line.decode() and int(process_stat(one.pid)[1]) == self.process.pid:
                return one.pid
        return None

    def start_kernel(self) -> None:
        base, token = self.lab()
        kernel = ask(f"{base}/api/kernels", token, {"name": "python3"})
        assert kernel["id"]

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator[Run]:
    run = Run(tmp_path_factory.mktemp("run"))
    try:
        yield run.wait_until_ready()
    finally:
        run.end()


@pytest.fixture
def one_run(tmp_path) -> Iterator[Run]:
    run = Run(tmp_path)
    try:
        yield run.wait_until_ready()
    finally:
        run.end()


def solutions() -> dict[str, str]:
    from nbjudge_course.course_file import read_course
    from nbjudge_course.notebook import read_problem
    from nbjudge_course.options import Role

    course = Path(__file__).parents[2] / "course" / "intro"
    problems = [read_problem(path) for _, path in read_course(course).notebooks()]
    return {
        problem.problem.id: cell.source
        for problem in problems
        for cell in problem.roles.values()
        if cell.role is Role.SOLUTION
    }


def test_the_sample_course_is_published_and_its_notebooks_lie_ready(running):
    base, token = running.service()
    published = {problem["id"] for problem in ask(f"{base}/api/problems", token)["problems"]}

    texts = [path.read_text() for path in (running.folder / ".nbjudge/notebooks").glob("*.ipynb")]

    assert set(solutions()) <= published
    assert all(any(f"#| problem: {id_}" in text for text in texts) for id_ in published)


def test_a_solution_submitted_through_jupyter_is_accepted(running):
    problem, source = next(iter(solutions().items()))

    assert running.submit(problem, source)["status"] == "accepted"


def test_nonsense_is_a_verdict_too(running):
    problem = next(iter(solutions()))

    assert running.submit(problem, "this is no Python")["status"] == "compile_error"


def test_a_second_start_says_where_the_first_one_is(running):
    second = subprocess.run(
        [*NBJUDGE, "run", "--no-browser"],
        cwd=running.folder,
        env=running.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (second.returncode, running.address() in second.stdout) == (1, True)
    assert running.process.poll() is None


@pytest.mark.parametrize("part", ["nbjudge_worker", "nbjudge_grader_service"])
def test_a_part_that_is_killed_comes_back(running, part):
    first = running.pid_of(f"-m {part}")
    problem, source = next(iter(solutions().items()))

    os.kill(first, signal.SIGKILL)
    until(lambda: running.pid_of(f"-m {part}") not in {None, first}, "a new process")

    def answers() -> bool:
        base, token = running.service()
        try:
            return bool(ask(f"{base}/api/problems", token))
        except (urllib.error.URLError, ConnectionError):
            return False

    until(answers, "the service")
    assert running.submit(problem, source)["status"] == "accepted"


def test_secrets_are_for_their_owner_alone(running):
    folder = running.folder / ".nbjudge"

    assert (folder.stat().st_mode & 0o777, (folder / "tokens.json").stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )


def test_the_student_side_is_not_told_where_redis_is(running):
    lab = running.pid_of("-m jupyterlab")
    environment = Path(f"/proc/{lab}/environ").read_text()

    assert "NBJUDGE_SERVICE_URL=" in environment
    assert "NBJUDGE_REDIS_URL=" not in environment
    assert "tokens.json" not in environment


def test_ctrl_c_stops_everything(one_run):
    one_run.start_kernel()
    everything = descendants(one_run.process.pid)

    one_run.process.send_signal(signal.SIGINT)

    assert one_run.process.wait(60) == 0
    until(lambda: not any(one.is_alive() for one in everything), "the end of all of them")
    assert not (one_run.folder / ".nbjudge" / "address").exists()


def test_a_kill_leaves_no_orphan_and_the_next_start_works(one_run):
    one_run.start_kernel()
    everything = descendants(one_run.process.pid)

    one_run.process.kill()
    one_run.process.wait()

    until(lambda: not any(one.is_alive() for one in everything), "the end of all of them")
    again = Run(one_run.folder)
    try:
        again.wait_until_ready()
    finally:
        again.end()
