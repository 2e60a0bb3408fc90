"""A prepared child, from the worker's side: bounded when its job comes, and ended as a whole."""

import contextlib
import fcntl
import os
import select
import signal
import socket
import struct
from collections.abc import Sequence

from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import Limits

from nbjudge_worker.sandbox.box import Ending, Usage
from nbjudge_worker.sandbox.census import Census, descends, parent_of
from nbjudge_worker.sandbox.cgroup import Cgroup, new_cgroup
from nbjudge_worker.sandbox.order import Order

READY_SECONDS = 60.0
_GONE_SECONDS = 5.0
_CREDENTIALS = struct.Struct("3i")


class PreparedBox:
    """Until `begin` it is unknown to the worker but for its channel."""

    is_below = True
    """Whether its processes descend from this one: what does not is somebody else's."""

    def __init__(self, channel: socket.socket, output: int, order: Order) -> None:
        self.channel, self.output = channel, output
        self.order = order
        """The limits that it was born with."""
        self._process = self._watcher = -1  # pidfds
        self._bounds: Cgroup | Census | None = None
        self._ending: Ending | None = None
        self._usage = Usage(0.0, 0)
        self._is_killed = False

    def hand_over(self) -> Sequence[int]:
        """Return the open files that the child gets besides channel and output. Raises OSError."""
        return []

    def handed_over(self) -> None:
        """Close what is the child's alone."""

    def begin(self, limits: Limits) -> None:
        """Wait until it is ready, bound it, and count from now on. Raises Unavailable."""
        self.settle()
        try:
            assert self._bounds is not None
            self._bounds.begin(limits.memory_bytes, limits.processes)
        except OSError as error:
            self.free()
            raise Unavailable(f"a box could not be bounded: {error}") from error

    def is_ready(self) -> bool:
        """Tell whether it has said that it waits for its job, or has ended."""
        return bool(select.select([self.channel], [], [], 0.0)[0])

    def settle(self) -> None:
        """Wait until it is ready, and find its processes. May be called twice.

        Raises Unavailable.
        """
        if self._process >= 0:
            return
        pid = self._ready()
        try:
            self._process = os.pidfd_open(pid)
            watcher = self._watcher_of(pid)
            if self.is_below and not descends(watcher, os.getpid()):
                raise ProcessLookupError("what watched it has ended")
            self._watcher = self._process if watcher == pid else os.pidfd_open(watcher)
            self._bounds = self._new_bounds(pid, watcher)
        except OSError as error:
            self.free()
            raise Unavailable(f"a box could not be bounded: {error}") from error

    def _watcher_of(self, pid: int) -> int:
        """Return the process with whose end all of the box ends."""
        return parent_of(pid)

    def _new_bounds(self, pid: int, watcher: int) -> Cgroup | Census:
        cgroup = new_cgroup()
        if cgroup is None:
            return Census(pid, watcher)
        self._bounds = cgroup  # so that it is removed, whatever happens next
        for door in cgroup.doors:
            os.write(door, str(pid).encode("ascii"))
        return cgroup

    def _ready(self) -> int:
        """Return the id of its process, which the kernel vouches for."""
        self.channel.settimeout(READY_SECONDS)
        try:
            data, ancillary, _, _ = self.channel.recvmsg(1, socket.CMSG_SPACE(_CREDENTIALS.size))
        except OSError:
            data, ancillary = b"", []
        self.channel.settimeout(None)
        if data != b"R" or not ancillary:
            said = said_in(self.output)
            self.free()
            raise Unavailable(f"a box could not be prepared: {said or 'it did not answer'}")
        pid, _, _ = _CREDENTIALS.unpack(ancillary[0][2][: _CREDENTIALS.size])
        return int(pid)

    def usage(self) -> Usage:
        """Return what the box has used; the last figures once it has ended."""
        if self._bounds is not None and self._process >= 0:
            with contextlib.suppress(OSError):
                self._usage = Usage(self._bounds.cpu_seconds(), self._bounds.peak_bytes())
        return self._usage

    def ending(self) -> Ending | None:
        """Return how the box ended, or None while it lives."""
        if self._ending is None and _has_ended(self._process, 0.0):
            self._ending = self._cause(Ending.EXITED)
        return self._ending

    def _cause(self, otherwise: Ending) -> Ending:
        with contextlib.suppress(OSError):
            if self._bounds is not None and self._bounds.out_of_memory():
                return Ending.OUT_OF_MEMORY
        return otherwise

    def close(self) -> None:
        """Kill all that runs in the box. It is freed a little later. May be called twice."""
        self.usage()
        self._ending = self._ending or self._cause(Ending.CLOSED)
        self.channel.close()
        if self._watcher >= 0 and not self._is_killed:
            self._is_killed = True
            self._kill()

    def bury(self) -> None:
        """Wait until all of it has ended, and free what the kernel keeps of it."""
        if self._watcher >= 0:
            _has_ended(self._watcher, _GONE_SECONDS)
        if self._bounds is not None:
            self._let_go_of(self._bounds)
        for descriptor in {self._process, self._watcher} - {-1}:
            os.close(descriptor)
        self._process = self._watcher = -1
        self._bounds = None

    def _let_go_of(self, bounds: Cgroup | Census) -> None:
        """Free what has bounded it, now that nothing of it runs."""
        bounds.remove()

    def _kill(self) -> None:
        """Kill the first process of its pid namespace: the kernel kills all the others."""
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._watcher, signal.SIGKILL)

    def free(self) -> None:
        """Close it, and its output as well. May be called twice."""
        self.close()
        self.bury()
        if self.output >= 0:
            os.close(self.output)
            self.output = -1


def new_output() -> tuple[int, int]:
    """Return a file to read from and the same one to append to. What was printed stays printed."""
    output = os.memfd_create("output", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    fcntl.fcntl(output, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL)
    return output, os.open(f"/proc/self/fd/{output}", os.O_WRONLY | os.O_APPEND)


def said_in(output: int) -> str:
    """Return how an output begins, to explain a failure."""
    return os.pread(output, 2000, 0).decode("utf-8", "replace").strip()


def _has_ended(pidfd: int, seconds: float) -> bool:
    return pidfd >= 0 and bool(select.select([pidfd], [], [], seconds)[0])
