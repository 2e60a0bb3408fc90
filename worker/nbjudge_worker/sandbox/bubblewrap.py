"""The engine `bubblewrap`: spawners in a jail, and prepared children in namespaces of their own."""

import contextlib
import os
import resource
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import sysconfig
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path

from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import Limits

import nbjudge_worker
from nbjudge_worker.sandbox.box import Ending, Role, Usage
from nbjudge_worker.sandbox.cgroup import Cgroup, new_cgroup
from nbjudge_worker.sandbox.seccomp import seccomp_filter

_READY_SECONDS = 60.0
_GONE_SECONDS = 5.0
_AHEAD = 2
_BOXES_PER_SPAWNER = 500
"""A new spawner has a new hash seed and a new layout of memory."""
_SPAWNERS = 8
_RUNTIME = ("__init__.py", "candidate", "examiner", "codec")
_SPAWNER = ("__init__.py", "lockdown.py", "spawner.py")
_SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives", "/etc/ld.so.cache",
)  # fmt: skip
_CREDENTIALS = struct.Struct("3i")


class BubblewrapBox:
    """A prepared child. Until `begin` it is unknown to the worker but for its channel."""

    def __init__(self, channel: socket.socket, output: int) -> None:
        self.channel, self.output = channel, output
        self._pidfd = -1
        self._pid = 0
        self._cgroup: Cgroup | None = None
        self._ending: Ending | None = None
        self._usage = Usage(0.0, 0)

    def begin(self, limits: Limits) -> None:
        """Wait until it is ready, bound it, and count from now on. Raises Unavailable."""
        self._pid = self._ready()
        self._pidfd = os.pidfd_open(self._pid)
        self._cgroup = new_cgroup()
        file_bytes = max(limits.file_bytes, 2 * limits.output_bytes)
        resource.prlimit(self._pid, resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
        if self._cgroup is None:
            self._bound_without_cgroup(limits)
            return
        for file in self._cgroup.process_files:
            file.write_text(str(self._pid))
        self._cgroup.begin(limits.memory_bytes, limits.processes)

    def _ready(self) -> int:
        """Return the id of its process, which the kernel vouches for."""
        self.channel.settimeout(_READY_SECONDS)
        try:
            data, ancillary, _, _ = self.channel.recvmsg(1, socket.CMSG_SPACE(_CREDENTIALS.size))
        except OSError:
            data, ancillary = b"", []
        self.channel.settimeout(None)
        if data != b"R" or not ancillary:
            said = os.pread(self.output, 2000, 0).decode("utf-8", "replace").strip()
            self.free()
            raise Unavailable(f"a box could not be prepared: {said or 'it did not answer'}")
        pid, _, _ = _CREDENTIALS.unpack(ancillary[0][2][: _CREDENTIALS.size])
        return int(pid)

    def _bound_without_cgroup(self, limits: Limits) -> None:
        held = int(Path(f"/proc/{self._pid}/statm").read_text().split()[0]) * resource.getpagesize()
        memory = held + limits.memory_bytes
        resource.prlimit(self._pid, resource.RLIMIT_AS, (memory, memory))
        resource.prlimit(self._pid, resource.RLIMIT_NPROC, (limits.processes, limits.processes))

    def usage(self) -> Usage:
        """Return what the box has used; the last figures once it has ended."""
        with contextlib.suppress(OSError, IndexError):
            if self._cgroup is not None:
                self._usage = Usage(self._cgroup.cpu_seconds(), self._cgroup.peak_bytes())
            elif self._pid:
                self._usage = _usage_of(self._pid, self._usage)
        return self._usage

    def ending(self) -> Ending | None:
        """Return how the box ended, or None while it lives."""
        if self._ending is None and _has_ended(self._pidfd, 0.0):
            self._ending = self._cause(Ending.EXITED)
        return self._ending

    def _cause(self, otherwise: Ending) -> Ending:
        with contextlib.suppress(OSError):
            if self._cgroup is not None and self._cgroup.out_of_memory():
                return Ending.OUT_OF_MEMORY
        return otherwise

    def close(self) -> None:
        """Kill all that runs in the box and free it, but for its output."""
        self.channel.close()
        if self._pidfd < 0:
            return
        self.usage()
        self._ending = self._ending or self._cause(Ending.CLOSED)
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)  # the first process: all end
        _has_ended(self._pidfd, _GONE_SECONDS)
        os.close(self._pidfd)
        self._pidfd = -1
        if self._cgroup is not None:
            self._cgroup.remove()

    def free(self) -> None:
        """Close it, and its output as well. May be called twice."""
        self.close()
        if self.output >= 0:
            os.close(self.output)
            self.output = -1


def _has_ended(pidfd: int, seconds: float) -> bool:
    return pidfd >= 0 and bool(select.select([pidfd], [], [], seconds)[0])


def _usage_of(pid: int, before: Usage) -> Usage:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = sum(int(field) for field in fields[11:15])
    memory = int(fields[21]) * resource.getpagesize()
    cpu_seconds = ticks / os.sysconf("SC_CLK_TCK")
    return Usage(cpu_seconds, max(before.memory_bytes, memory))


class Spawner:
    """A warm interpreter in a jail, from the worker's side."""

    def __init__(self, role: Role, libraries: Sequence[str]) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._waiting: list[BubblewrapBox] = []
        self._prepared = 0
        self._is_ready = False
        inside = ["-m", "nbjudge_worker.sandbox.spawner", role.value, str(theirs.fileno())]
        self._said = os.memfd_create("spawner")
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # a command of our own making
                [*jail(), os.path.realpath(sys.executable), "-P", *inside, *libraries],
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._said,
                pass_fds=[theirs.fileno()],
                env={},
            )
        self._control.send(seccomp_filter())
        self.prepare()

    @property
    def is_worn(self) -> bool:
        """Whether it has prepared enough, or has ended."""
        return self._prepared >= _BOXES_PER_SPAWNER or self._process.poll() is not None

    def prepare(self) -> None:
        """Have boxes prepared until enough are ahead. Raises Unavailable."""
        while len(self._waiting) < _AHEAD:
            self._waiting.append(self._new_box())

    def take(self, limits: Limits) -> BubblewrapBox:
        """Return a box that is ready, and have the next one prepared. Raises Unavailable."""
        self._wait_until_ready()
        box = self._waiting.pop(0)
        try:
            box.begin(limits)
        finally:
            self.prepare()
        return box

    def _wait_until_ready(self) -> None:
        if self._is_ready:
            return
        self._control.settimeout(_READY_SECONDS)
        try:
            self._is_ready = self._control.recv(16) == b"ready"
        except OSError:
            self._is_ready = False
        self._control.settimeout(None)
        if not self._is_ready:
            said = os.pread(self._said, 2000, 0).decode("utf-8", "replace").strip()
            raise Unavailable(f"the sandbox could not be started: {said or 'no answer'}")

    def _new_box(self) -> BubblewrapBox:
        channel, theirs = socket.socketpair()
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        output = os.memfd_create("output")
        writer = os.open(f"/proc/self/fd/{output}", os.O_WRONLY | os.O_APPEND)
        try:
            socket.send_fds(self._control, [b"box"], [theirs.fileno(), writer])
        except OSError as error:
            os.close(output)
            channel.close()
            said = os.pread(self._said, 2000, 0).decode("utf-8", "replace").strip()
            raise Unavailable(f"the sandbox has ended: {said or error}") from error
        finally:
            theirs.close()
            os.close(writer)
        self._prepared += 1
        return BubblewrapBox(channel, output)

    def close(self) -> None:
        """End it and all that it has prepared."""
        for box in self._waiting:
            box.free()
        self._waiting.clear()
        self._control.close()
        self._process.kill()
        self._process.wait()
        if self._said >= 0:
            os.close(self._said)
            self._said = -1


class Bubblewrap:
    """Keeps a spawner for each kind of box that is asked for."""

    name = "bubblewrap"

    def __init__(self) -> None:
        self._spawners: OrderedDict[tuple[Role, tuple[str, ...]], Spawner] = OrderedDict()
        self._taken: list[BubblewrapBox] = []
        for role in Role:  # ready before the first submission comes
            self._spawners[role, ()] = Spawner(role, ())

    def take(self, role: Role, limits: Limits, libraries: Sequence[str] = ()) -> BubblewrapBox:
        """Hand out a box that is ready. Raises Unavailable."""
        kind = (role, tuple(libraries))
        try:
            box = self._spawner(kind).take(limits)
        except Unavailable:
            self._drop(kind)  # it may have been killed; a new one gets one chance
            box = self._spawner(kind).take(limits)
        self._forget_closed()
        self._taken.append(box)
        return box

    def _spawner(self, kind: tuple[Role, tuple[str, ...]]) -> Spawner:
        if kind in self._spawners and self._spawners[kind].is_worn:
            self._drop(kind)
        if kind not in self._spawners:
            self._spawners[kind] = Spawner(*kind)
        self._spawners.move_to_end(kind)
        while len(self._spawners) > _SPAWNERS:
            self._drop(next(iter(self._spawners)))
        return self._spawners[kind]

    def _drop(self, kind: tuple[Role, tuple[str, ...]]) -> None:
        spawner = self._spawners.pop(kind, None)
        if spawner is not None:
            spawner.close()

    def _forget_closed(self) -> None:
        for box in [box for box in self._taken if box.channel.fileno() < 0]:
            box.free()
            self._taken.remove(box)

    def close(self) -> None:
        """Kill and free every box and every spawner."""
        for box in self._taken:
            box.free()
        self._taken.clear()
        for kind in list(self._spawners):
            self._drop(kind)


def jail() -> list[str]:
    """Return the command up to the program that is to run in the jail. Raises Unavailable."""
    found = shutil.which("bwrap")
    if found is None:
        raise Unavailable("bubblewrap is not installed: sudo apt-get install bubblewrap")
    command = [found, "--unshare-all", "--die-with-parent", "--new-session"]
    command += ["--unshare-user", "--uid", "1000", "--gid", "1000", "--hostname", "box"]
    for source, place in _binds():
        command += ["--ro-bind-try", source, place]
    # Children mount a /proc of their own, which the kernel allows only beside a whole one.
    command += ["--bind", "/proc", "/proc", "--dev", "/dev"]
    command += ["--dir", "/cell", "--dir", "/tmp", "--chdir", "/", "--clearenv"]  # noqa: S108  # the jail's
    for name, value in _environment().items():
        command += ["--setenv", name, value]
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--"]


def _binds() -> Iterator[tuple[str, str]]:
    for path in _SYSTEM:
        yield path, path
    yield sys.base_prefix, sys.base_prefix
    yield sysconfig.get_path("purelib"), "/nbjudge/libraries"
    package = Path(nbjudge_worker.__file__).parent
    for name in (*_RUNTIME, *(f"sandbox/{name}" for name in _SPAWNER)):
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
