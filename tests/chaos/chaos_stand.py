"""The whole as real processes that can be killed, frozen and starved: Redis behind a lossy proxy,
two processes of the service on one database, and workers with real sandboxes.
"""

import asyncio
import ctypes
import json
import os
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import coursework
import redis
from lossy_proxy import LossyProxy
from nbjudge_course.wire import encode_json
from nbjudge_grader_service import redis_server
from nbjudge_worker.sandbox.census import descendants, parent_of
from stand import FREELY, Part, free_port

LEASE_SECONDS = 2.5
DISK_BYTES = 256 * 1024 * 1024
_START_SECONDS = 60.0
_PR_SET_CHILD_SUBREAPER = 36


class FakeClock:
    """A clock that can be set, for a process that is started with its environment."""

    def __init__(self, file: Path) -> None:
        (library,) = Path("/usr/lib").glob("*/faketime/libfaketime.so.1")
        self._file = file
        self.environment = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.set(0)

    def set(self, seconds: float) -> None:
        """Set it forward or back, from the true time."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{seconds:+.0f}")
        new.replace(self._file)

    def tidy_up(self) -> None:
        """Remove the shared memory of those that were killed."""
        for path in Path("/dev/shm").glob("*faketime_s*_*"):
            if not Path(f"/proc/{path.name.rpartition('_')[2]}").exists():
                path.unlink(missing_ok=True)


class Stand:
    """Everything that grades."""

    service: Sequence[str] = (sys.executable, "-m", "nbjudge_grader_service")
    worker: Sequence[str] = (sys.executable, "-m", "nbjudge_worker")

    def __init__(self, folder: Path, *, students: int, services: int, workers: int) -> None:
        self.folder = folder
        self.disk = folder / "disk"
        self.temporary = folder / "tmp"
        self.disk.mkdir()
        self.temporary.mkdir()
        self.small_disk = _mount_small(self.disk)
        self.database = self.disk / "nbjudge.db"
        self.proxy = LossyProxy(folder / "p.sock", folder / "r.sock")
        self.tokens = {f"student{number}": secrets.token_hex(16) for number in range(students)}
        self.instructor = secrets.token_hex(16)
        self.clock = FakeClock(folder / "clock")
        # The one that came by pip: Debian's allocator reads the clock before it can be faked.
        self._program = redis_server.find_program(lambda _: None)
        self.redis = Part(
            "redis", self._redis_command(), self.clock.environment, folder / "redis.log"
        )
        settings = self._settings()
        ports = [free_port() for _ in range(services)]
        self.urls = [f"http://127.0.0.1:{port}" for port in ports]
        self.services = [
            Part(
                f"service{number}",
                self.service,
                {**settings, "NBJUDGE_SERVICE_PORT": str(port)},
                folder / f"service{number}.log",
            )
            for number, port in enumerate(ports)
        ]
        self.workers = [
            Part(f"worker{number}", self.worker, settings, folder / f"worker{number}.log")
            for number in range(workers)
        ]

    def _settings(self) -> dict[str, str]:
        return {
            "NBJUDGE_REDIS_URL": f"unix://{self.folder / 'p.sock'}",
            "NBJUDGE_DATABASE_URL": f"sqlite:///{self.database}",
            "NBJUDGE_TOKENS": str(self._write_tokens()),
            **FREELY,
            "NBJUDGE_LEASE_SECONDS": str(LEASE_SECONDS),
            "TMPDIR": str(self.temporary),
        }

    def _write_tokens(self) -> Path:
        people = {token: {"name": name} for name, token in self.tokens.items()}
        people[self.instructor] = {"name": "instructor", "instructor": True}
        path = self.folder / "tokens.json"
        path.write_text(json.dumps(people))
        path.chmod(0o600)
        return path

    def _redis_command(self) -> Sequence[str]:
        socket = self.folder / "r.sock"
        return redis_server.arguments(self._program, data=self.disk, socket=socket)

    def parts(self) -> list[Part]:
        """Return every process."""
        return [self.redis, *self.services, *self.workers]

    async def start(self) -> None:
        """Start all parts, publish the problem, and wait until all of them are there."""
        _adopt_orphans(yes=True)
        self._foreign = set(descendants(os.getpid()))
        await self.proxy.start()
        for part in self.parts():
            part.start()
        await self.until(self.is_well, "the parts do not start")
        body = encode_json({"problem": coursework.PROBLEM, "opens_at": None, "closes_at": None})
        path = f"/api/problems/{coursework.PROBLEM.id}"
        await asyncio.to_thread(self.request, "PUT", path, self.instructor, body)

    def is_well(self) -> bool:
        """Return whether every process of the service answers and every worker has reported."""
        try:
            for url in self.urls:
                urllib.request.urlopen(f"{url}/healthz", timeout=2).close()
            return self._reports() >= len(self.workers)
        except (OSError, redis.RedisError):
            return False

    def _reports(self) -> int:
        with redis.Redis(unix_socket_path=str(self.folder / "r.sock"), protocol=2) as client:
            return len(client.keys("{nbjudge}:worker:*"))

    async def until(
        self, condition: Callable[[], bool], complaint: str, seconds: float = _START_SECONDS
    ) -> None:
        """Wait until the condition, which may block, holds; raise with the logs when it does not."""
        deadline = time.monotonic() + seconds
        while not await asyncio.to_thread(condition):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{complaint}\n{self.logs()}")
            await asyncio.sleep(0.1)

    def stop_parts(self) -> None:
        """End every process, gently first. Blocks."""
        for parts in (self.workers, self.services, [self.redis]):
            for part in parts:
                part.signal(signal.SIGTERM)
            for part in parts:
                part.stop()

    async def leave(self) -> list[str]:
        """Take the rest down. Return what is left over of the parts."""
        try:
            await self.proxy.stop()
            return await self._leftovers()
        finally:
            if self.small_disk:
                subprocess.run(["umount", "--lazy", self.disk], check=True)
            _adopt_orphans(yes=False)
            self.clock.tidy_up()

    async def _leftovers(self) -> list[str]:
        """Return processes and open sockets that have outlived the parts they belonged to."""
        deadline = time.monotonic() + 5.0
        while (left := self._left()) and time.monotonic() < deadline:
            await asyncio.sleep(0.1)
        return left

    def _left(self) -> list[str]:
        processes = [pid for pid in descendants(os.getpid()) if pid not in self._foreign]
        living = [f"process {pid}: {_title(pid)}" for pid in processes if not _reaped(pid)]
        lines = Path("/proc/net/unix").read_text().splitlines()
        sockets = [f"socket {line.split()[-1]}" for line in lines if str(self.folder) in line]
        # A process that is killed in the wrong instant leaves the plain file that it just made.
        folders = [f"folder {path}" for path in self.temporary.iterdir() if not path.is_file()]
        return living + sockets + folders

    def see_off(self) -> None:
        """Let the orphans of killed parts that have ended rest in peace."""
        ours = self._foreign | {part.pid for part in self.parts()}
        for pid in descendants(os.getpid()):
            with suppress(OSError):
                if pid not in ours and parent_of(pid) == os.getpid():
                    _reaped(pid)

    # ---- what the nemesis uses

    def forget(self) -> None:
        """Delete what Redis has on disk. It must not run."""
        shutil.rmtree(self.disk / "redis", ignore_errors=True)
        self._redis_command()

    def lock_database(self, seconds: float) -> None:
        """Hold the lock that whoever writes needs. Blocks."""
        with suppress(sqlite3.OperationalError):  # the disk may be full
            connection = sqlite3.connect(self.database, timeout=5.0, isolation_level=None)
            try:
                connection.execute("BEGIN IMMEDIATE")
                time.sleep(seconds)
                connection.execute("ROLLBACK")
            finally:
                connection.close()

    def fill_disk(self) -> Callable[[], None]:
        """Leave no room for the database, and none for Redis. Return what undoes it."""
        if not self.small_disk:
            return self._limit_files()
        balloon = self.disk / "balloon"
        with balloon.open("wb") as file, suppress(OSError):
            free = shutil.disk_usage(self.disk).free
            os.posix_fallocate(file.fileno(), 0, max(1, free))
        return lambda: balloon.unlink(missing_ok=True)

    def _limit_files(self) -> Callable[[], None]:
        """Without the right to mount: no file of the service's may grow."""
        import resource

        living = [part.pid for part in self.services]
        for pid in living:
            with suppress(ProcessLookupError):
                hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))

        def undo() -> None:
            for pid in living:
                with suppress(ProcessLookupError):
                    hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
                    resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))

        return undo

    # ---- asking

    def request(self, method: str, path: str, token: str, body: bytes | None = None) -> bytes:
        """Make one plain request of the first process of the service. Blocks."""
        request = urllib.request.Request(self.urls[0] + path, data=body, method=method)
        request.add_header("Authorization", f"token {token}")
        request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return bytes(answer.read())

    def mentions(self, submission: str) -> str:
        """Return what all logs say of a submission, in the order of time."""
        said = [
            f"{line[:23]} {part.name}{line[23:]}"
            for part in self.parts()
            for line in part.log.read_text(errors="replace").splitlines()
            if submission in line
        ]
        return "\n".join(sorted(said))

    def logs(self, lines: int = 25) -> str:
        """Return the ends of all logs."""
        texts = []
        for part in self.parts():
            tail = part.log.read_text(errors="replace").splitlines()[-lines:]
            texts.append("\n".join([f"--- {part.name}", *tail]))
        return "\n".join(texts)


def _mount_small(folder: Path) -> bool:
    """Put a small disk of its own there; only root can."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    options = f"size={DISK_BYTES},mode=700"
    command = ["mount", "-t", "tmpfs", "-o", options, "none", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _adopt_orphans(*, yes: bool) -> None:
    """Whoever outlives the part that started it becomes a child of ours, and so is found."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(yes), 0, 0, 0)


def _reaped(pid: int) -> bool:
    """Return whether the process has ended; if it was left to us, see it off."""
    try:
        return os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        return not Path(f"/proc/{pid}").exists()


def _title(pid: int) -> str:
    with suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return b" ".join(words).decode(errors="replace")[:120]
    return "?"
