"""The engine `bubblewrap`: each box is a process in fresh namespaces, started ahead of time."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path

from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import Limits

import nbjudge_worker
from nbjudge_worker.sandbox.box import Ending, Role, Usage
from nbjudge_worker.sandbox.cgroup import Cgroup, new_cgroup
from nbjudge_worker.sandbox.seccomp import seccomp_filter

_READY_SECONDS = 60.0
_AHEAD = 2
_RUNTIME = ("__init__.py", "candidate", "examiner", "codec")
_SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/alternatives",
    "/etc/ld.so.cache",
)
_HOME_BYTES = 64 * 1024 * 1024
_JOIN = 'files=$1; shift; for file in $files; do echo $$ > "$file"; done; exec "$@"'


class BubblewrapBox:
    """A process in fresh user, pid, mount, network, ipc, uts and cgroup namespaces."""

    def __init__(self, role: Role, libraries: Sequence[str]) -> None:
        self.channel, theirs = socket.socketpair()
        self.output = os.memfd_create("output")
        self._cgroup: Cgroup | None = new_cgroup()
        self._ending: Ending | None = None
        self._usage = Usage(0.0, 0)
        calls = os.memfd_create("calls")
        os.write(calls, seccomp_filter())
        os.lseek(calls, 0, os.SEEK_SET)
        writer = os.open(f"/proc/self/fd/{self.output}", os.O_WRONLY | os.O_APPEND)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # a command of our own making
                self._command(role, libraries, theirs.fileno(), calls),
                stdin=subprocess.DEVNULL,
                stdout=writer,
                stderr=writer,
                pass_fds=[theirs.fileno(), calls],
                env={},
            )
        os.close(writer)
        os.close(calls)

    def _command(self, role: Role, libraries: Sequence[str], channel: int, calls: int) -> list[str]:
        files = self._cgroup.process_files if self._cgroup else []
        inside = ["-m", "nbjudge_worker.sandbox.inside", role.value, str(channel), *libraries]
        join = ["/bin/sh", "-c", _JOIN, "sh", " ".join(str(file) for file in files)]
        return [
            *join,
            *jail("--seccomp", str(calls)),
            os.path.realpath(sys.executable),
            "-P",
            *inside,
        ]

    def begin(self, limits: Limits) -> None:
        """Wait until it is ready, and count from now on. Raises Unavailable."""
        self.channel.settimeout(_READY_SECONDS)
        try:
            ready = self.channel.recv(1)
        except OSError:
            ready = b""
        if ready != b"R":
            said = os.pread(self.output, 2000, 0).decode("utf-8", "replace")
            self.close()
            raise Unavailable(f"a box could not be started: {said.strip()}")
        self.channel.settimeout(None)
        if self._cgroup:
            self._cgroup.begin(limits.memory_bytes, limits.processes)

    def usage(self) -> Usage:
        """Return what the box has used; the last figures once it has ended."""
        if self._cgroup is not None:
            with contextlib.suppress(OSError):
                self._usage = Usage(self._cgroup.cpu_seconds(), self._cgroup.peak_bytes())
        return self._usage

    def ending(self) -> Ending | None:
        """Return how the box ended, or None while it lives."""
        if self._ending is None and self._process.poll() is not None:
            self._ending = self._cause(Ending.EXITED)
        return self._ending

    def _cause(self, otherwise: Ending) -> Ending:
        with contextlib.suppress(OSError):
            if self._cgroup is not None and self._cgroup.out_of_memory():
                return Ending.OUT_OF_MEMORY
        return otherwise

    def close(self) -> None:
        """Kill all that runs in the box and free it."""
        if self.output < 0:
            return
        self._ending = self._ending or self._cause(Ending.CLOSED)
        self.usage()
        self._process.kill()
        self._process.wait()
        if self._cgroup is not None:
            self._cgroup.remove()
        self.channel.close()

    def free(self) -> None:
        """Close it, and its output as well."""
        self.close()
        if self.output >= 0:
            os.close(self.output)
            self.output = -1


def jail(*options: str) -> list[str]:
    """Return the command up to the program that is to run in the jail. Raises Unavailable."""
    found = shutil.which("bwrap")
    if found is None:
        raise Unavailable("bubblewrap is not installed: sudo apt-get install bubblewrap")
    command = [found, "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    command += ["--unshare-user", "--uid", "1000", "--gid", "1000", "--hostname", "box"]
    for source, place in _binds():
        command += ["--ro-bind-try", source, place]
    command += ["--proc", "/proc", "--dev", "/dev"]
    command += ["--size", str(_HOME_BYTES), "--tmpfs", "/tmp", "--size", str(_HOME_BYTES)]  # noqa: S108  # the box's own
    command += ["--tmpfs", "/cell", "--chdir", "/cell", "--clearenv"]
    for name, value in _environment().items():
        command += ["--setenv", name, value]
    return [*command, *options, "--"]


def _binds() -> Iterator[tuple[str, str]]:
    for path in _SYSTEM:
        yield path, path
    yield sys.base_prefix, sys.base_prefix
    yield sysconfig.get_path("purelib"), "/nbjudge/libraries"
    package = Path(nbjudge_worker.__file__).parent
    for name in (*_RUNTIME, "sandbox/inside.py", "sandbox/__init__.py"):
        yield str(package / name), f"/nbjudge/nbjudge_worker/{name}"


def _environment() -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/cell",
        "LANG": "C.UTF-8",
        "PYTHONPATH": "/nbjudge:/nbjudge/libraries",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


class Bubblewrap:
    """Keeps boxes ready, one use each."""

    name = "bubblewrap"

    def __init__(self) -> None:
        self._ready: dict[tuple[Role, tuple[str, ...]], list[BubblewrapBox]] = {}
        self._taken: list[BubblewrapBox] = []
        for role in Role:  # ready before the first submission comes
            self._ready[role, ()] = [BubblewrapBox(role, ()) for _ in range(_AHEAD)]

    def take(self, role: Role, limits: Limits, libraries: Sequence[str] = ()) -> BubblewrapBox:
        """Hand out a box that is ready, and start to prepare the next."""
        kind = (role, tuple(libraries))
        waiting = self._ready.setdefault(kind, [])
        box = waiting.pop(0) if waiting else BubblewrapBox(role, libraries)
        while len(waiting) < _AHEAD:
            waiting.append(BubblewrapBox(role, libraries))
        box.begin(limits)
        self._taken = [taken for taken in self._taken if _kept(taken)]
        self._taken.append(box)
        return box

    def close(self) -> None:
        """Kill and free every box."""
        for box in [*self._taken, *(box for boxes in self._ready.values() for box in boxes)]:
            box.free()
        self._taken.clear()
        self._ready.clear()


def _kept(box: BubblewrapBox) -> bool:
    if box.channel.fileno() >= 0:
        return True
    box.free()
    return False
