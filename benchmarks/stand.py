"""A stand: Redis, the service and workers as real processes, in a temporary folder.

Benchmarks measure on it.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import redis
from nbjudge_course.problem import Problem
from nbjudge_course.wire import encode_json
from nbjudge_grader_service import redis_server

START_SECONDS = 30.0
INSTRUCTOR = "instructor"
SERVICE = (sys.executable, "-m", "nbjudge_grader_service")
WORKER = (sys.executable, "-m", "nbjudge_worker")
FREELY = {
    "NBJUDGE_BURST": "100000",
    "NBJUDGE_RATE_PER_MINUTE": "100000",
    "NBJUDGE_MAX_OPEN": "100000",
}
"""Settings of the service with which a student may submit as fast as a machine can."""


class Part:
    """One process that can be killed and started again."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], log: Path
    ):
        self.name = name
        self.log = log
        self._command = list(command)
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it, appending to its log."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, env=self._environment, stdout=log, stderr=log
            )

    def has_ended(self) -> bool:
        """Return whether it does not run."""
        return self._process is None or self._process.poll() is not None

    def signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self._process is not None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """Kill it with -9 and wait for its end."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self, patience_seconds: float = 10.0) -> int | None:
        """Ask it to end and return its exit status; kill it when it does not."""
        if self._process is None:
            return None
        self._process.terminate()
        try:
            return self._process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return None


class Stand:
    """Everything that grades, and the tokens of its students."""

    def __init__(
        self,
        folder: Path,
        *,
        students: int,
        workers: int = 2,
        service: Sequence[str] = SERVICE,
        worker: Sequence[str] = WORKER,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.redis_url = f"unix://{folder / 'r.sock'}"
        self.redis_client = redis.Redis.from_url(self.redis_url, protocol=2)
        self.tokens = {f"student{number}": secrets.token_hex(16) for number in range(students)}
        self.instructor = secrets.token_hex(16)
        self._program = redis_server.find_program()
        settings = {
            "NBJUDGE_REDIS_URL": self.redis_url,
            "NBJUDGE_DATABASE_URL": f"sqlite:///{folder / 'nbjudge.db'}",
            "NBJUDGE_SERVICE_PORT": str(self.port),
            "NBJUDGE_TOKENS": str(self._write_tokens()),
            **(environment or {}),
        }
        redis_command = redis_server.arguments(self._program, data=folder, socket=folder / "r.sock")
        self.redis = Part("redis", redis_command, {}, folder / "redis.log")
        self.service = Part("service", service, settings, folder / "service.log")
        self.workers = [
            Part(f"worker{number}", worker, settings, folder / f"worker{number}.log")
            for number in range(workers)
        ]

    def _write_tokens(self) -> Path:
        people: dict[str, dict[str, object]] = {
            token: {"name": name} for name, token in self.tokens.items()
        }
        people[self.instructor] = {"name": INSTRUCTOR, "instructor": True}
        path = self.folder / "tokens.json"
        path.write_text(
            json.dumps({t: {"instructor": False, **person} for t, person in people.items()})
        )
        path.chmod(0o600)
        return path

    def start(self) -> None:
        """Start all parts and wait until the service answers and every worker has reported."""
        for part in self.parts():
            part.start()
        self.wait_for(self.answers, "the service does not answer")
        self.wait_for(
            lambda: self.living_workers() >= len(self.workers), "the workers do not report"
        )

    def parts(self) -> list[Part]:
        """Return every process."""
        return [self.redis, self.service, *self.workers]

    def stop(self) -> None:
        """End everything, gently first."""
        for part in [*self.workers, self.service, self.redis]:
            part.stop()
        self.redis_client.close()

    def forget(self) -> None:
        """Delete what Redis has on disk. It must not run."""
        shutil.rmtree(self.folder / "redis", ignore_errors=True)
        redis_server.arguments(self._program, data=self.folder, socket=self.folder / "r.sock")

    def answers(self) -> bool:
        """Return whether the service says that it is well."""
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def living_workers(self) -> int:
        """Return how many workers have reported."""
        try:
            return len(self.redis_client.keys("{nbjudge}:worker:*"))
        except redis.RedisError:
            return 0

    def wait_for(
        self, condition: Callable[[], bool], complaint: str, seconds: float = START_SECONDS
    ) -> None:
        """Wait until the condition holds; raise with the logs when it does not."""
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{complaint}\n{self.logs()}")
            time.sleep(0.05)

    def logs(self, lines: int = 15) -> str:
        """Return the ends of all logs."""
        texts = []
        for part in self.parts():
            tail = part.log.read_text(errors="replace").splitlines()[-lines:]
            texts.append("\n".join([f"--- {part.name}", *tail]))
        return "\n".join(texts)

    def publish(self, problem: Problem) -> str:
        """Put the problem and return its version."""
        body = encode_json({"problem": problem, "opens_at": None, "closes_at": None})
        answer = self.request("PUT", f"/api/problems/{problem.id}", self.instructor, body)
        return str(json.loads(answer)["version"])

    def request(self, method: str, path: str, token: str, body: bytes | None = None) -> bytes:
        """Make one plain request and return the body of the answer."""
        request = urllib.request.Request(self.url + path, data=body, method=method)
        request.add_header("Authorization", f"token {token}")
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return bytes(answer.read())


def free_port() -> int:
    """Return a port that is free now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
