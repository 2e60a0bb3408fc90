"""Spawners from the worker's side: each prepares boxes of one kind, ahead of time."""

import contextlib
import os
import signal
import socket
import subprocess
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import Limits

from nbjudge_worker.sandbox.box import Role
from nbjudge_worker.sandbox.cgroup import has_cgroups
from nbjudge_worker.sandbox.order import Order
from nbjudge_worker.sandbox.prepared import READY_SECONDS, PreparedBox, new_output, said_in

_AHEAD = 2
_BOXES_PER_SPAWNER = 500
"""A new spawner has a new hash seed and a new layout of memory."""
_SPAWNERS = 8
_FOLDER_BYTES = 8 * 1024 * 1024
"""Room for the files that a problem brings."""
_OWN_PROCESSES = 2


@dataclass(frozen=True)
class Way:
    """How an engine starts a spawner, and what it makes of the children."""

    command: Sequence[str]
    """Goes before `-m nbjudge_worker.sandbox.spawner`."""
    environment: dict[str, str]
    system_calls: bytes
    """The filter for the kernel, or one byte when there is none."""
    box: Callable[[socket.socket, int, Order], PreparedBox]
    next_user: Callable[[], int] = lambda: 0

    def order(self, limits: Limits) -> Order:
        """Return what a box with these limits must be born with."""
        alone = not has_cgroups()
        return Order(
            folder_bytes=limits.file_bytes + _FOLDER_BYTES,
            file_bytes=max(limits.file_bytes, 2 * limits.output_bytes),
            memory_bytes=limits.memory_bytes if alone else 0,
            processes=limits.processes + _OWN_PROCESSES if alone else 0,
            user=self.next_user(),
        )


class Spawner:
    """A warm interpreter that forks prepared children."""

    def __init__(self, way: Way, role: Role, libraries: Sequence[str]) -> None:
        self._way = way
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._waiting: list[PreparedBox] = []
        self._prepared = 0
        self._is_ready = False
        self._said = os.memfd_create("spawner")
        inside = ["-m", "nbjudge_worker.sandbox.spawner", role.value, str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # a command of our own making
                [*way.command, *inside, *libraries],
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._said,
                pass_fds=[theirs.fileno()],
                env=way.environment,
            )
        with contextlib.suppress(OSError):  # it has ended at once: `take` says why
            self._control.send(way.system_calls)
            self._prepare(Limits())

    @property
    def is_worn(self) -> bool:
        """Whether it has prepared enough, or has ended."""
        return self._prepared >= _BOXES_PER_SPAWNER or self._process.poll() is not None

    def take(self, limits: Limits) -> PreparedBox:
        """Return a box that is ready, and have the next one prepared. Raises Unavailable."""
        self._wait_until_ready()
        try:
            self._discard_others(limits)
            self._prepare(limits)
            box = self._waiting.pop(0)
            self._prepare(limits)
        except OSError as error:
            raise Unavailable(f"the sandbox has ended: {said_in(self._said) or error}") from error
        box.begin(limits)
        return box

    def _discard_others(self, limits: Limits) -> None:
        """Free the boxes that were born with other limits."""
        for box in list(self._waiting):
            if box.order != replace(self._way.order(limits), user=box.order.user):
                self._waiting.remove(box)
                box.free()

    def _prepare(self, limits: Limits) -> None:
        """Have boxes prepared until enough are ahead. Raises OSError."""
        while len(self._waiting) < _AHEAD:
            self._waiting.append(self._new_box(self._way.order(limits)))

    def _wait_until_ready(self) -> None:
        if self._is_ready:
            return
        self._control.settimeout(READY_SECONDS)
        try:
            self._is_ready = self._control.recv(16) == b"ready"
        except OSError:
            self._is_ready = False
        self._control.settimeout(None)
        if not self._is_ready:
            said = said_in(self._said)
            raise Unavailable(f"the sandbox could not be started: {said or 'no answer'}")

    def _new_box(self, order: Order) -> PreparedBox:
        channel, theirs = socket.socketpair()
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        output, writer = new_output()
        try:
            socket.send_fds(self._control, [order.encode()], [theirs.fileno(), writer])
        except OSError:
            os.close(output)
            channel.close()
            raise
        finally:
            theirs.close()
            os.close(writer)
        self._prepared += 1
        return self._way.box(channel, output, order)

    def close(self) -> None:
        """End it and all that it has prepared."""
        for box in self._waiting:
            box.free()
        self._waiting.clear()
        self._control.close()
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        if self._said >= 0:
            os.close(self._said)
            self._said = -1


class Spawners:
    """A spawner for each kind of box that is asked for; the core of every engine that forks."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._spawners: OrderedDict[tuple[Role, tuple[str, ...]], Spawner] = OrderedDict()
        self._taken: list[PreparedBox] = []
        for role in Role:  # ready before the first submission comes
            self._spawners[role, ()] = Spawner(way, role, ())

    def take(self, role: Role, limits: Limits, libraries: Sequence[str] = ()) -> PreparedBox:
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
            self._spawners[kind] = Spawner(self._way, *kind)
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
        """Kill and free every box and every spawner. May be called twice."""
        for box in self._taken:
            box.free()
        self._taken.clear()
        for kind in list(self._spawners):
            self._drop(kind)
