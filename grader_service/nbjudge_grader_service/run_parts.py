"""The parts of a run on one machine: how each is started, and how to see that it is ready."""

import os
import secrets
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbjudge_course.environment import setting
from nbjudge_course.errors import BadMessage, Unavailable
from nbjudge_course.wire import WorkerReport, decode_json, worker_key
from redis.asyncio import Redis
from redis.exceptions import RedisError
from tornado.httpclient import AsyncHTTPClient

from nbjudge_grader_service import redis_server
from nbjudge_grader_service.run_children import ChildCommand, Ready
from nbjudge_grader_service.run_folder import RunFolder

_SERVER_ONLY = (
    "NBJUDGE_REDIS_URL",
    "NBJUDGE_DATABASE_URL",
    "NBJUDGE_TOKENS",
    "NBJUDGE_METRICS_TOKEN",
)
"""Settings that the student's side has no business with, nor with their files."""

_NO_NEWS_POPUP = {
    "@jupyterlab/apputils-extension:notification": {
        "checkForUpdates": False,
        "fetchNews": "false",
    }
}


@dataclass(frozen=True)
class Parts:
    """Where everything of one run is, and from that the command of each part."""

    folder: RunFolder
    redis_url: str
    service_port: int
    lab_port: int
    sandbox: str | None = None
    lab_token: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    began_at: float = field(default_factory=time.time)

    @property
    def service_url(self) -> str:
        """Where the grader service listens."""
        return f"http://127.0.0.1:{self.service_port}"

    @property
    def lab_url(self) -> str:
        """Where JupyterLab listens, without its token."""
        return f"http://127.0.0.1:{self.lab_port}"

    def redis(self, program: redis_server.RedisProgram, lock: int) -> ChildCommand:
        """Return the Redis server. It shares the lock, as no other may open its files."""
        place = Path(self.redis_url.removeprefix("unix://"))
        arguments = redis_server.arguments(program, data=self.folder.root, socket=place)
        return self._command("redis", arguments, {}, self.redis_answers, descriptors=(lock,))

    def service(self) -> ChildCommand:
        """Return the grader service, on SQLite unless NBJUDGE_DATABASE_URL says otherwise."""
        database = f"sqlite:///{self.folder.root / 'nbjudge.db'}"
        settings = {
            "NBJUDGE_REDIS_URL": self.redis_url,
            "NBJUDGE_DATABASE_URL": setting(os.environ, "NBJUDGE_DATABASE_URL") or database,
            "NBJUDGE_SERVICE_HOST": "127.0.0.1",
            "NBJUDGE_SERVICE_PORT": str(self.service_port),
            "NBJUDGE_TOKENS": str(self.folder.tokens),
        }
        return self._command("service", _module("nbjudge_grader_service"), settings, self._healthy)

    def workers(self, most: int) -> ChildCommand:
        """Return what starts and ends workers with the queue; it is ready when one reports."""
        settings = {"NBJUDGE_REDIS_URL": self.redis_url}
        if self.sandbox:
            settings["NBJUDGE_SANDBOX"] = self.sandbox
        arguments = [*_module("nbjudge_worker.scaling"), "--min", "1", "--max", str(most)]

        async def reports() -> bool:
            return await self._living_workers() >= 1

        return self._command("workers", arguments, settings, reports, grace_seconds=30.0)

    def lab(self) -> ChildCommand:
        """Return JupyterLab. Its token travels by the environment, which others cannot read."""
        arguments = [
            *_module("jupyterlab"),
            "--no-browser",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={self.lab_port}",
            "--ServerApp.port_retries=0",
            f"--ServerApp.root_dir={self.folder.notebooks}",
        ]
        if os.getuid() == 0:
            arguments.append("--ServerApp.allow_root=True")
        settings = {**self.student_settings(), "JUPYTER_TOKEN": self.lab_token}
        settings["JUPYTER_CONFIG_PATH"] = os.pathsep.join(
            [
                str(self.folder.jupyter_config(_NO_NEWS_POPUP)),
                *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")]),
            ]
        )
        return self._command("jupyterlab", arguments, settings, self._lab_answers)

    def student_settings(self) -> dict[str, str]:
        """Return what the student's side needs to know."""
        return {"NBJUDGE_SERVICE_URL": self.service_url, "NBJUDGE_TOKEN": self.folder.token()}

    def _command(
        self,
        name: str,
        arguments: Sequence[str],
        settings: Mapping[str, str],
        ready: Ready,
        *,
        grace_seconds: float = 10.0,
        descriptors: Sequence[int] = (),
    ) -> ChildCommand:
        return ChildCommand(
            name=name,
            arguments=arguments,
            environment={**_own_environment(), **settings},
            log=self.folder.logs / f"{name}.log",
            ready=ready,
            grace_seconds=grace_seconds,
            kept_descriptors=descriptors,
        )

    # ---- is it there?

    async def redis_answers(self) -> bool:
        """Tell whether Redis takes commands now."""
        try:
            async with Redis.from_url(self.redis_url, socket_timeout=5) as redis:
                return bool(await redis.ping())
        except (RedisError, OSError):
            return False

    async def redis_version(self) -> tuple[int, int]:
        """Return major and minor version. Raise Unavailable when it does not answer."""
        try:
            async with Redis.from_url(self.redis_url, socket_timeout=5) as redis:
                major, minor = str((await redis.info("server"))["redis_version"]).split(".")[:2]
        except (RedisError, OSError) as error:
            raise Unavailable(f"Redis does not answer at {self.redis_url}: {error}") from error
        return int(major), int(minor)

    async def _living_workers(self) -> int:
        """Count the workers that began to report since this run began."""
        async with Redis.from_url(self.redis_url, socket_timeout=5) as redis:
            texts = [await redis.get(key) async for key in redis.scan_iter(match=worker_key("*"))]
        return sum(self._is_of_this_run(text) for text in texts if text)

    def _is_of_this_run(self, text: bytes | str) -> bool:
        try:
            return decode_json(text, WorkerReport).started_at >= self.began_at
        except BadMessage:
            return False

    async def _healthy(self) -> bool:
        return await _answers(f"{self.service_url}/healthz")

    async def _lab_answers(self) -> bool:
        return await _answers(f"{self.lab_url}/api")


async def _answers(url: str) -> bool:
    try:
        reply = await AsyncHTTPClient().fetch(url, request_timeout=5, raise_error=False)
    except OSError:
        return False
    return reply.code == 200


def _module(name: str) -> list[str]:
    return [sys.executable, "-m", name]


def _own_environment() -> dict[str, str]:
    return {
        key: value
        for key, value in os.environ.items()
        if key.removesuffix("_FILE") not in _SERVER_ONLY
    }


def free_port(preferred: int) -> int:
    """Return the preferred port of this machine, or the next one that is free."""
    for port in [*range(preferred, preferred + 50), 0]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise Unavailable("no port is free on this machine")
