"""The verb `nbjudge run`: Redis, the service, the workers and JupyterLab on one machine."""

import argparse
import asyncio
import logging
import os
import signal
import sys
import webbrowser
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
from nbjudge_course.environment import setting
from nbjudge_course.errors import NbjudgeError, Unavailable

from nbjudge_grader_service import redis_server
from nbjudge_grader_service.run_children import Child, ChildCommand
from nbjudge_grader_service.run_course import lay_out, publish
from nbjudge_grader_service.run_folder import AlreadyRunning, RunFolder
from nbjudge_grader_service.run_parts import Parts, free_port

MOST_WORKERS = 4
"""By default; each keeps warm interpreters in memory. They come and go with the queue."""


@dataclass(frozen=True)
class Options:
    """What was asked for on the command line."""

    port: int | None
    folder: Path | None
    data: Path
    workers: int
    sandbox: str | None
    browser: bool


def run(arguments: Sequence[str]) -> int:
    """Start everything on this machine: Redis, the service, workers and JupyterLab."""
    options = _read(arguments)
    logging.basicConfig(format="nbjudge: %(message)s", level=logging.WARNING)
    folder = RunFolder(options.data, options.folder)
    try:
        with folder.lock() as lock:
            asyncio.run(Launcher(options, folder, lock).run())
    except AlreadyRunning as error:
        sys.stdout.write(f"{error}\n")
        return 1
    except (NbjudgeError, msgspec.ValidationError) as error:
        sys.stderr.write(f"nbjudge: {error}\n")
        return 1
    return 0


def _read(arguments: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(prog="nbjudge run", description=run.__doc__)
    parser.add_argument("--port", type=int, help="port of JupyterLab (8888, or the next free one)")
    parser.add_argument("--folder", type=Path, help="the notebooks' folder (DATA/notebooks)")
    parser.add_argument(
        "--data", type=Path, default=Path(".nbjudge"), help="database, queue and logs (%(default)s)"
    )
    parser.add_argument(
        "--workers", type=int, default=_most_workers(), help="at most so many (%(default)s)"
    )
    parser.add_argument("--sandbox", help="the engine that locks students' code up (auto)")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    found = parser.parse_args(arguments)
    if found.workers < 1:
        parser.error("--workers must be at least 1")
    return Options(
        port=found.port,
        folder=found.folder,
        data=found.data,
        workers=found.workers,
        sandbox=found.sandbox,
        browser=not found.no_browser,
    )


def _most_workers() -> int:
    return max(1, min(MOST_WORKERS, os.cpu_count() or 1))


class Launcher:
    """Starts the parts in order, says where they are, and stops them in the opposite order."""

    def __init__(self, options: Options, folder: RunFolder, lock: int) -> None:
        self._options = options
        self._folder = folder
        self._lock = lock
        self._socket = redis_server.socket_folder(folder.root) / "redis.sock"
        self._started: list[Sequence[Child]] = []

    async def run(self) -> None:
        """Run until a signal says that it is enough. Raise Unavailable when a part won't start."""
        enough = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, enough.set)
        starting = asyncio.create_task(self._start())
        waiting = asyncio.create_task(enough.wait())
        try:
            await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
                await waiting
        finally:
            starting.cancel()
            waiting.cancel()
            await asyncio.gather(starting, waiting, return_exceptions=True)
            await self._stop()

    async def _start(self) -> None:
        _say("starting Redis, the service, the workers and JupyterLab ...")
        given_redis = setting(os.environ, "NBJUDGE_REDIS_URL")
        parts = Parts(
            folder=self._folder,
            redis_url=given_redis or f"unix://{self._socket}",
            service_port=free_port(int(os.environ.get("NBJUDGE_SERVICE_PORT", "8803"))),
            lab_port=self._options.port or free_port(8888),
            sandbox=self._options.sandbox,
        )
        self._folder.token()
        if not given_redis:
            await self._begin(parts.redis(redis_server.find_program(), self._lock))
        await _refuse_an_old_redis(parts)
        await self._begin(parts.service())
        await self._begin(parts.workers(self._options.workers))
        await publish(parts)
        await lay_out(self._folder)
        await self._begin(parts.lab())
        self._welcome(parts)

    async def _begin(self, *commands: ChildCommand) -> None:
        children = [Child(command) for command in commands]
        self._started.append(children)
        await asyncio.gather(*(child.start() for child in children))

    async def _stop(self) -> None:
        _say("stopping ...")
        for children in reversed(self._started):
            await asyncio.gather(*(child.stop() for child in children))
        redis_server.remove_socket_folder(self._socket.parent, self._folder.root)

    def _welcome(self, parts: Parts) -> None:
        address = f"{parts.lab_url}/lab?token={parts.lab_token}"
        self._folder.announce(address, parts.service_url)
        _say(
            f"\n  nbjudge is running. Open this in a browser:\n\n      {address}\n\n"
            f"  notebooks  {self._folder.notebooks}\n"
            f"  service    {parts.service_url}\n"
            f"  logs       {self._folder.logs}\n\n"
            "  Ctrl-C stops everything.\n"
        )
        if self._options.browser and _has_a_screen():
            webbrowser.open(address)


async def _refuse_an_old_redis(parts: Parts) -> None:
    version = await parts.redis_version()
    if version < redis_server.OLDEST:
        found = ".".join(map(str, version))
        raise Unavailable(f"{parts.redis_url} is Redis {found}; 6.2 is the oldest that will do")


def _has_a_screen() -> bool:
    named = ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")
    return sys.platform == "darwin" or any(os.environ.get(name) for name in named)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
