"""Keeping child processes: started, watched, restarted with back-off, stopped; never orphaned."""

import asyncio
import contextlib
import ctypes
import logging
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbjudge_course.errors import Unavailable

log = logging.getLogger(__name__)

Ready = Callable[[], Awaitable[bool]]

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 30.0
_STEADY_SECONDS = 30.0
"""A child that lived as long as this begins its back-off anew."""
_TAIL_BYTES = 4000
_LARGEST_LOG_BYTES = 8_000_000
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class ChildCommand:
    """What to run, and when it is ready."""

    name: str
    arguments: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    """All of it; nothing is inherited."""
    folder: Path | None = None
    ready: Ready | None = None
    """Asked again and again until it says yes; None is ready at once."""
    grace_seconds: float = 10.0
    """How long it may take to end after SIGTERM."""
    kept_descriptors: Sequence[int] = ()


class Child:
    """One program that is kept running until it is told to stop."""

    def __init__(self, command: ChildCommand) -> None:
        self.command = command
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._told_to_stop = asyncio.Event()
        self._spawning = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The process id, or None while it is down."""
        process = self._process
        return process.pid if process and process.returncode is None else None

    async def start(self, timeout_seconds: float = 60.0) -> None:
        """Start it and wait until it is ready. Raise Unavailable, with its last words, if not."""
        _make_room(self.command.log)
        process = await self._spawn()
        deadline = time.monotonic() + timeout_seconds
        while not await self._is_ready():
            if process.returncode is not None or time.monotonic() > deadline:
                code = process.returncode
                how = f"ended with status {code}" if code is not None else "did not become ready"
                raise Unavailable(f"{self.command.name} {how}.\n{_tail(self.command.log)}")
            await asyncio.sleep(0.05)
        self._keeper = asyncio.create_task(self._keep(process))

    async def _is_ready(self) -> bool:
        return self.command.ready is None or await self.command.ready()

    async def _spawn(self) -> asyncio.subprocess.Process:
        async with self._spawning:
            self._process = await _spawn(self.command)
            return self._process

    async def _keep(self, process: asyncio.subprocess.Process) -> None:
        pause_seconds = _FIRST_PAUSE_SECONDS
        while True:
            since = time.monotonic()
            status = await process.wait()
            if time.monotonic() - since > _STEADY_SECONDS:
                pause_seconds = _FIRST_PAUSE_SECONDS
            if await self._stops_within(pause_seconds, status):
                return
            pause_seconds = min(2 * pause_seconds, _LONGEST_PAUSE_SECONDS)
            process = await self._spawn()

    async def _stops_within(self, pause_seconds: float, status: int) -> bool:
        if not self._told_to_stop.is_set():
            name = self.command.name
            log.warning("%s ended with status %s; again in %.1f s", name, status, pause_seconds)
        try:
            await asyncio.wait_for(self._told_to_stop.wait(), pause_seconds)
        except TimeoutError:
            return False
        return True

    async def stop(self) -> None:
        """Ask it to end, wait for its grace, then kill it with all that it started."""
        self._told_to_stop.set()
        async with self._spawning:
            process = self._process
        if process is not None:
            await _end(process, self.command)
        if self._keeper is not None:
            await self._keeper


async def _end(process: asyncio.subprocess.Process, command: ChildCommand) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), command.grace_seconds)
        except TimeoutError:
            log.warning("%s did not end in time; killing it", command.name)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


async def _spawn(command: ChildCommand) -> asyncio.subprocess.Process:
    """Start it in a session of its own: Ctrl-C in the terminal is for the launcher alone."""
    with command.log.open("ab") as output:
        return await asyncio.create_subprocess_exec(
            *command.arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=dict(command.environment),
            cwd=command.folder,
            start_new_session=True,
            pass_fds=command.kept_descriptors,
            preexec_fn=_die_with(os.getpid()),
        )


def _die_with(parent: int) -> Callable[[], None]:
    """Return what makes the kernel end the child when its parent is gone, even by kill -9."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    prctl = ctypes.CDLL(None).prctl

    def ask_the_kernel() -> None:
        prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))
        if os.getppid() != parent:  # it was gone before we could ask
            os._exit(1)

    return ask_the_kernel


def _make_room(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LARGEST_LOG_BYTES:
        path.replace(path.with_suffix(".old.log"))


def _tail(path: Path) -> str:
    """Return the last lines of a log, for a person."""
    data = path.read_bytes()[-_TAIL_BYTES:].decode("utf-8", "replace")
    lines = data.splitlines()[-15:]
    return "\n".join([*(f"    {line}" for line in lines), f"The whole log: {path}"])
