"""`nbjudge workers`: real workers come with a real queue, and leave when their jobs are done."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from nbjudge_course.problem import Problem, Test
from nbjudge_course.verdict import Status
from queue_server import QueueServer

DEADLINE_SECONDS = 90.0
PROBLEM = Problem(
    id="p", title="P", tests=(Test(name="t", source="assert f() == 1"),), libraries=()
)
SLOW = "import time\ndef f():\n    time.sleep(0.5)\n    return 1\n"

pytestmark = pytest.mark.timeout(240)


def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"in vain: {what}"
        time.sleep(0.05)


@pytest.fixture
def queue(tmp_path) -> Iterator[QueueServer]:
    queue = QueueServer(tmp_path)
    yield queue
    queue.close()


class Command:
    """One `nbjudge workers` in the foreground of nobody."""

    def __init__(self, queue: QueueServer, folder, *words: str, **settings: str) -> None:
        self._output = folder / "output"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("NBJUDGE_")}
        environment |= {"NBJUDGE_REDIS_URL": queue.url, "NBJUDGE_SANDBOX": "none", **settings}
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "nbjudge_course", "workers", *words],
                env=environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        return self._output.read_text()

    def workers(self) -> list[int]:
        """Return the process ids of the workers that it has started."""
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        rows = [line.split(None, 1) for line in listed.stdout.splitlines()]
        return [int(pid) for pid, words in rows if "nbjudge_worker" in words]


@pytest.fixture
def start(queue, tmp_path) -> Iterator[Callable[..., Command]]:
    started: list[Command] = []

    def command(*words: str, **settings: str) -> Command:
        started.append(Command(queue, tmp_path, *words, **settings))
        return started[-1]

    yield command
    for one in started:
        one.process.terminate()
        one.process.wait(60)


def test_workers_come_with_the_queue_and_go_when_it_is_empty(start, queue):
    command = start("--min", "1", "--max", "3", "--hold", "1", "--halve", "1")
    until(queue.living, "a first worker")

    submitted = queue.put(PROBLEM, [SLOW] * 30)
    until(lambda: len(command.workers()) == 3, "three workers")
    until(lambda: not queue.left(), "an empty queue")
    until(lambda: len(command.workers()) == 1, "one worker")

    assert Counter(one.submission for one in queue.results()) == Counter(submitted)
    assert {one.verdict.status for one in queue.results()} == {Status.ACCEPTED}
    assert "1 -> 3 workers, " in command.text


def test_at_sigterm_all_finish_their_jobs_and_what_waits_stays_in_the_queue(start, queue):
    command = start("--min", "2", "--max", "2")
    submitted = queue.put(PROBLEM, [SLOW] * 40)
    until(lambda: queue.pending() == 2, "two jobs that run")

    command.process.send_signal(signal.SIGTERM)

    assert command.process.wait(60) == 0
    assert command.workers() == []
    assert queue.pending() == 0
    graded = Counter(one.submission for one in queue.results())
    assert set(graded.values()) == {1}
    assert len(graded) + queue.left() == len(submitted)
    assert queue.left() > 0


def test_a_worker_that_is_killed_is_replaced_and_its_job_is_graded(start, queue):
    command = start("--max", "1", NBJUDGE_LEASE_SECONDS="1")
    queue.put(PROBLEM, [SLOW] * 3)
    until(lambda: queue.pending() == 1, "a job that runs")
    (first,) = command.workers()

    os.kill(first, signal.SIGKILL)
    until(lambda: not queue.left(), "an empty queue")

    assert command.workers() != [first]
    assert Counter(one.submission for one in queue.results()).total() == 3
    assert "1 worker died" in command.text


def test_when_the_scaler_is_killed_its_workers_end_with_it(start, queue):
    command = start("--min", "2", "--max", "2")
    until(lambda: len(queue.living()) == 2, "two workers")
    workers = command.workers()

    command.process.kill()
    command.process.wait()

    def alive(pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return True

    until(lambda: not any(map(alive, workers)), "their end")


def test_a_sandbox_that_is_not_there_is_told_and_it_gives_up(start):
    command = start(NBJUDGE_SANDBOX="no-such-engine")

    assert command.process.wait(60) == 1
    assert "there is no sandbox 'no-such-engine'" in command.text
    assert "nbjudge doctor" in command.text
