"""A Redis server for one suite, which can go away and come back."""

import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import redis
from nbjudge_course.problem import Problem
from nbjudge_course.submission import Submission
from nbjudge_course.wire import (
    JOBS,
    RESULTS,
    WORKERS,
    Job,
    Result,
    WorkerReport,
    decode,
    decode_json,
    encode,
    problem_key,
    worker_key,
)
from nbjudge_grader_service.redis_server import RedisProgram, arguments, find_program


class QueueServer:
    """On a socket, or on a port of the loopback as well."""

    def __init__(self, folder: Path, *, port: int = 0, program: RedisProgram | None = None) -> None:
        place = folder / "r.sock"
        self.url = f"redis://127.0.0.1:{port}/0" if port else f"unix://{place}"
        self.client = redis.Redis.from_url(self.url, protocol=2)
        listen = ["--port", str(port), "--bind", "127.0.0.1"]
        self._command = [*arguments(program or find_program(), data=folder, socket=place), *listen]
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while True:
            try:
                self.client.ping()
                return
            except redis.RedisError:
                assert time.monotonic() < deadline
                time.sleep(0.01)

    def go_away(self) -> None:
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        self.go_away()
        self.client.close()

    def put(self, problem: Problem, sources: Sequence[str]) -> list[str]:
        """Hand solutions of one problem to the workers; return the submissions' ids."""
        self.client.set(problem_key(problem.digest), encode(problem))
        ids = []
        for number, source in enumerate(sources):
            submission = Submission(
                id=f"{number:032x}",
                student="ada",
                problem=problem.id,
                version=problem.digest,
                language="python",
                source=source,
                submitted_at=0.0,
            )
            job = encode(Job(submission=submission, attempt=1))
            self.client.xadd(JOBS, {"id": submission.id, "job": job})
            ids.append(submission.id)
        return ids

    def results(self) -> list[Result]:
        return [decode(fields[b"result"], Result) for _, fields in self.client.xrange(RESULTS)]

    def living(self) -> list[WorkerReport]:
        texts = [self.client.get(key) for key in self.client.scan_iter(match=worker_key("*"))]
        return [decode_json(text, WorkerReport) for text in texts if text]

    def left(self) -> int:
        return self.client.xlen(JOBS)

    def pending(self) -> int:
        try:
            return self.client.xpending(JOBS, WORKERS)["pending"]
        except redis.ResponseError:
            return 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
