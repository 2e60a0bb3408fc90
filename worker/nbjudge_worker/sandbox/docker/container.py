"""A container with a spawner in it: started, spoken to by its door, killed and removed."""

import contextlib
import os
import signal
import socket
from collections.abc import Callable, Sequence

from nbjudge_course.errors import Unavailable

from nbjudge_worker.sandbox.box import Role
from nbjudge_worker.sandbox.contained import DOOR
from nbjudge_worker.sandbox.docker.box import ContainedBox, OnlyBox, SharedBox
from nbjudge_worker.sandbox.docker.daemon import Daemon
from nbjudge_worker.sandbox.docker.meters import Meter, meter_of
from nbjudge_worker.sandbox.order import Order
from nbjudge_worker.sandbox.prepared import READY_SECONDS

Later = Callable[[Callable[[], None]], object]
"""Does something in the background."""


class Container:
    """The jail of a spawner with one box. Raises Unavailable when none can be had."""

    id = ""
    kind: type[ContainedBox] = OnlyBox
    shared = False
    """Whether it is for many submissions."""

    def __init__(
        self,
        daemon: Daemon,
        later: Later,
        folder_bytes: int,
        role: Role,
        libraries: Sequence[str],
    ) -> None:
        self._daemon, self._later = daemon, later
        self._first = -1  # a pidfd
        self._closed = False
        self.control = self._connect(role, libraries, folder_bytes)
        try:
            self._pid = int(daemon.state(self.id).get("Pid", 0))
        except BaseException:
            self.control.close()
            daemon.remove(self.id)
            raise
        with contextlib.suppress(OSError):
            self._first = self._found()

    def _connect(self, role: Role, libraries: Sequence[str], folder_bytes: int) -> socket.socket:
        """Start it and wait until its spawner is at the door."""
        door = self._daemon.doors.new()
        try:
            words = command(role, DOOR, libraries)
            folder = str(door.folder)
            self.id = self._daemon.create(words, folder, folder_bytes, shared=self.shared)
            self._daemon.start(self.id)
            return door.opened(READY_SECONDS, self._is_running)
        except OSError as error:
            said = self.said()
            self._daemon.remove(self.id)
            raise Unavailable(f"a container did not answer: {said or error}") from error
        finally:
            door.close()

    def _found(self) -> int:
        """Return its first process, if it can be seen from here. Raises OSError."""
        process = os.pidfd_open(self._pid) if self._pid else -1
        with open(f"/proc/{self._pid}/cgroup", encoding="ascii") as lines:  # noqa: PTH123  # short
            if self.id in lines.read():
                return process
        os.close(process)
        return -1

    def box(self, channel: socket.socket, output: int, order: Order) -> ContainedBox:
        """Return the worker's side of a child that is about to be ordered."""
        return self.kind(channel, output, order, self)

    def meter(self) -> Meter:
        """Return what bounds and counts all that is in it."""
        return meter_of(self._daemon, self.id, self._pid)

    def was_out_of_memory(self) -> bool:
        """Tell what the daemon knows of its end."""
        return bool(self._daemon.state(self.id).get("OOMKilled"))

    def has_ended(self) -> bool:
        """Tell whether it is not running any more."""
        if self._closed or self._first < 0:
            return self._closed or not self._is_running()
        try:
            signal.pidfd_send_signal(self._first, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return False

    def _is_running(self) -> bool:
        return bool(self._daemon.state(self.id).get("Running", False))

    def said(self) -> str:
        """Return how what its spawner printed ends."""
        return self._daemon.said(self.id)

    def kill(self) -> None:
        """Kill all that runs in it, now."""
        try:
            if self._first < 0:
                raise PermissionError
            signal.pidfd_send_signal(self._first, signal.SIGKILL)
        except PermissionError:
            self._daemon.kill(self.id)
        except ProcessLookupError:
            return

    def close(self) -> None:
        """Kill it now, and have it removed in the background. May be called twice."""
        if self._closed:
            return
        self._closed = True
        self.control.close()
        self.kill()
        if self._first >= 0:
            os.close(self._first)
            self._first = -1
        self._later(lambda: self._daemon.remove(self.id))


class SharedContainer(Container):
    """A container of many submissions, each by a user of its own."""

    kind = SharedBox
    shared = True


def command(role: Role, door: str, libraries: Sequence[str]) -> list[str]:
    """Return what runs in the container."""
    program = ["python3", "-P", "-m", "nbjudge_worker.sandbox.contained"]
    return [*program, role.value, door, *libraries]
