"""A Jupyter server with the extension, as students run it, and a small grader service to relay to."""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tornado import httpserver, netutil, web, websocket

SERVICE_TOKEN = "the-students-secret"
LAB_TOKEN = "the-servers-token"


def snapshot(id_: str, revision: int = 1, **other: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "problem": "two-sum",
        "title": "Two Sum",
        "language": "python",
        "state": "queued",
        "revision": revision,
        "submitted_at": 1.0,
        "number": 1,
        "position": 0,
        "attempt": 0,
        "progress": None,
        "verdict": None,
        **other,
    }


VERDICT = {
    "status": "accepted",
    "cause": "accepted",
    "points": 2,
    "max_points": 2,
    "tests": [{"name": "small", "status": "accepted", "points": 2, "max_points": 2}],
}


class Recorder(web.RequestHandler):
    """Writes down every request and answers as the service would, from a table."""

    def initialize(self, service: "FakeService") -> None:
        self.service = service

    def prepare(self) -> None:
        self.service.requests.append(self.request)

    def answer(self, *_: str) -> None:
        key = f"{self.request.method} {self.request.path}"
        status, body, kind = self.service.answers.get(
            key, (404, {"reason": "not_found", "message": "nothing"}, "application/json")
        )
        self.set_status(status)
        self.set_header("Content-Type", kind)
        self.finish(body if isinstance(body, str) else json.dumps(body))

    def posted(self, *_: str) -> None:
        key = f"{self.request.method} {self.request.path}"
        if self.request.path != "/api/submissions" or key in self.service.answers:
            self.answer()
            return
        new = json.loads(self.request.body)
        self.set_status(202)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(snapshot(new.get("id", "0" * 32), revision=7)))

    get = delete = put = answer
    post = posted


class Live(websocket.WebSocketHandler):
    """Greets, sends what the test prepared, and keeps the socket for the test."""

    def initialize(self, service: "FakeService") -> None:
        self.service = service

    def prepare(self) -> None:
        self.service.requests.append(self.request)
        if self.request.headers.get("Authorization") != f"token {SERVICE_TOKEN}":
            raise web.HTTPError(403)

    def check_origin(self, origin: str) -> bool:
        return True

    def open(self) -> None:
        self.service.sockets.append(self)
        self.write_message(json.dumps({"type": "hello", "student": "ada", "revision": 7}))
        for frame in self.service.frames.pop(0) if self.service.frames else []:
            self.write_message(json.dumps(frame))
        if self.service.hang_ups:
            self.service.hang_ups -= 1
            self.close()

    def on_close(self) -> None:
        with contextlib.suppress(ValueError):
            self.service.sockets.remove(self)


@dataclass
class FakeService:
    """A grader service in a thread of its own; it can go away and come back."""

    port: int
    requests: list[Any] = field(default_factory=list)
    answers: dict[str, tuple[int, Any, str]] = field(default_factory=dict)
    frames: list[list[dict[str, Any]]] = field(default_factory=list)
    hang_ups: int = 0
    sockets: list[Live] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server: httpserver.HTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def clear(self) -> None:
        self.requests.clear()
        self.answers.clear()
        self.frames.clear()
        self.hang_ups = 0

    def start(self) -> None:
        async def begin() -> None:
            parts = {"service": self}
            app = web.Application([("/api/live", Live, parts), ("/.*", Recorder, parts)])
            self._server = httpserver.HTTPServer(app)
            self._server.add_sockets(netutil.bind_sockets(self.port, "127.0.0.1"))

        self._do(begin())

    def stop(self) -> None:
        async def end() -> None:
            assert self._server is not None
            self._server.stop()
            self._cut()
            await self._server.close_all_connections()

        self._do(end())

    def cut(self) -> None:
        async def act() -> None:
            self._cut()

        self._do(act())

    def send(self, frame: dict[str, Any]) -> None:
        async def act() -> None:
            for each in self.sockets:
                each.write_message(json.dumps(frame))

        self._do(act())

    def end(self) -> None:
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _cut(self) -> None:
        for each in list(self.sockets):
            each.close()

    def _do(self, work: Any) -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def running_service() -> Iterator[FakeService]:
    service = FakeService(free_port())
    service.start()
    yield service
    service.end()


@pytest.fixture
def service(running_service: FakeService) -> FakeService:
    running_service.clear()
    return running_service


@contextlib.contextmanager
def jupyter_server(folder: Path, settings: dict[str, str]) -> Iterator[str]:
    """Run a Jupyter server and give its address, with a base path as under a hub."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/user/ada/"
    arguments = [
        *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"),
        *(f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--ServerApp.ip=127.0.0.1"),
        *("--ServerApp.base_url=/user/ada/", f"--ServerApp.root_dir={folder}"),
        "--ServerApp.reraise_server_extension_failures=True",
        "--ServerApp.allow_unauthenticated_access=False",
    ]
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("NBJUDGE_")},
        "JUPYTER_TOKEN": LAB_TOKEN,
        "JUPYTER_PREFER_ENV_PATH": "1",
        **{f"JUPYTER_{n}_DIR": str(folder / n.lower()) for n in ("CONFIG", "DATA", "RUNTIME")},
        **settings,
    }
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            arguments, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
    try:
        _await(url + "api", process, folder / "server.log")
        yield url
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    request = urllib.request.Request(url, headers={"Authorization": f"token {LAB_TOKEN}"})
    while True:
        try:
            with urllib.request.urlopen(request, timeout=5):
                return
        except urllib.error.HTTPError as error:
            error.close()
            raise
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)


@pytest.fixture(scope="module")
def server(running_service: FakeService, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = {"NBJUDGE_SERVICE_URL": running_service.url, "NBJUDGE_TOKEN": SERVICE_TOKEN}
    with jupyter_server(tmp_path_factory.mktemp("jupyter"), settings) as url:
        yield url


@pytest.fixture(scope="module")
def bare_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with jupyter_server(tmp_path_factory.mktemp("bare"), {}) as url:
        yield url
