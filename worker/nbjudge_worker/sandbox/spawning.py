"""Spawners from the worker's side: each prepares boxes of one kind, ahead of time."""

import contextlib
import itertools
import os
import signal
import socket
import subprocess
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import Limits

from nbjudge_worker.sandbox.box import Role
from nbjudge_worker.sandbox.cgroup import has_cgroups
from nbjudge_worker.sandbox.order import Order
from nbjudge_worker.sandbox.prepared import READY_SECONDS, PreparedBox, new_output, said_in

_SPAWNERS = 8
_ORDERS = 3
"""Kinds of limits for which boxes are kept waiting."""
_UNTIDY = 8
_FOLDER_BYTES = 8 * 1024 * 1024
"""Room for the files that a problem brings."""
_OWN_PROCESSES = 1


class Jail(Protocol):
    """Where a spawner runs, as the worker sees it."""

    control: socket.socket
    """A connected SEQPACKET socket to the spawner."""

    def box(self, channel: socket.socket, output: int, order: Order) -> PreparedBox:
        """Return the worker's side of a child that is about to be ordered."""
        ...

    def has_ended(self) -> bool:
        """Tell whether the spawner is gone."""
        ...

    def said(self) -> str:
        """Return what it said, to explain a failure."""
        ...

    def close(self) -> None:
        """End it and all that it has prepared. May be called twice."""
        ...


@dataclass(frozen=True)
class Way:
    """How an engine starts a spawner, and what it asks of it."""

    start: Callable[[Role, Sequence[str]], Jail]
    system_calls: bytes
    """The filter for the kernel, or one byte when there is none."""
    next_user: Callable[[], int] = lambda: 0
    by_limits: Callable[[], bool] = lambda: not has_cgroups()
    """Whether resource limits must do what a control group cannot."""
    own_processes: int = 0
    """Those of the box's user that are not the submission's, where its user's are counted."""
    ahead: int = 2
    """How many children are prepared before they are asked for."""
    boxes_per_spawner: int = 500
    """A new spawner has a new hash seed and a new layout of memory."""

    def order(self, limits: Limits) -> Order:
        """Return what a box with these limits must be born with."""
        alone = self.by_limits()
        own = self.own_processes or (_OWN_PROCESSES if alone else 0)
        return Order(
            folder_bytes=limits.file_bytes + _FOLDER_BYTES,
            file_bytes=max(limits.file_bytes, 2 * limits.output_bytes),
            memory_bytes=limits.memory_bytes if alone else 0,
            processes=limits.processes + own if own else 0,
            user=self.next_user(),
        )


class ProcessJail:
    """A spawner that is a process of this machine's, behind a command that jails it."""

    def __init__(
        self,
        command: Sequence[str],
        environment: dict[str, str],
        box: Callable[[socket.socket, int, Order], PreparedBox],
        role: Role,
        libraries: Sequence[str],
    ) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._box = box
        self._said = os.memfd_create("spawner")
        inside = ["-m", "nbjudge_worker.sandbox.spawner", role.value, str(theirs.fileno())]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # a command of our own making
                [*command, *inside, *libraries],
                stdin=subprocess.DEVNULL,
                stdout=self._said,
                stderr=self._said,
                pass_fds=[theirs.fileno()],
                env=environment,
            )

    def box(self, channel: socket.socket, output: int, order: Order) -> PreparedBox:
        """Return the worker's side of a child."""
        return self._box(channel, output, order)

    def has_ended(self) -> bool:
        """Tell whether the process is gone."""
        return self._process.poll() is not None

    def said(self) -> str:
        """Return how its output begins."""
        return said_in(self._said)

    def close(self) -> None:
        """Kill it. May be called twice."""
        self.control.close()
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        if self._said >= 0:
            os.close(self._said)
            self._said = -1


class Spawner:
    """A warm interpreter that forks prepared children."""

    def __init__(self, way: Way, role: Role, libraries: Sequence[str]) -> None:
        self._way = way
        self._jail = way.start(role, libraries)
        self._control = self._jail.control
        self._waiting: OrderedDict[Order, deque[PreparedBox]] = OrderedDict()
        self._prepared = 0
        self._is_ready = False
        with contextlib.suppress(OSError):  # it has ended at once: `take` says why
            self._control.send(way.system_calls)
            self._prepare(way.order(Limits()), way.ahead)

    @property
    def is_worn(self) -> bool:
        """Whether it has prepared enough, or has ended."""
        return self._prepared >= self._way.boxes_per_spawner or self._jail.has_ended()

    def take(self, limits: Limits) -> PreparedBox:
        """Return a box that is ready. Raises Unavailable."""
        self.wait_until_ready()
        order = self._way.order(limits)
        waiting = self._waiting_for(order)
        try:
            if not waiting:
                self._prepare(order, max(1, self._way.ahead))
            box = waiting.popleft()
        except OSError as error:
            raise Unavailable(f"the sandbox has ended: {self._jail.said() or error}") from error
        box.begin(limits)
        return box

    def refill(self) -> None:
        """Have boxes prepared in place of those that were taken last. Settle those that wait."""
        for waiting in self._waiting.values():
            for box in [box for box in waiting if box.is_ready()]:
                try:
                    box.settle()
                except Unavailable:  # it has ended while it waited
                    waiting.remove(box)
        last = next(reversed(self._waiting), None)  # none when it ended before its first order
        with contextlib.suppress(OSError):  # it has ended: the next `take` says why
            if last is not None:
                self._prepare(last, self._way.ahead)

    def _waiting_for(self, order: Order) -> deque[PreparedBox]:
        """Return the boxes born with these limits; those of limits long gone are freed."""
        kind = replace(order, user=0)
        waiting = self._waiting.setdefault(kind, deque())
        self._waiting.move_to_end(kind)
        while len(self._waiting) > _ORDERS:
            _, old = self._waiting.popitem(last=False)
            for box in old:
                box.free()
        return waiting

    def _prepare(self, order: Order, ahead: int) -> None:
        """Have boxes prepared until so many are ahead. Raises OSError."""
        waiting = self._waiting_for(order)
        while len(waiting) < ahead:
            waiting.append(self._new_box(replace(order, user=self._way.next_user())))

    def wait_until_ready(self) -> None:
        """Wait until it has warmed up. Raises Unavailable."""
        if self._is_ready:
            return
        self._control.settimeout(READY_SECONDS)
        try:
            self._is_ready = self._control.recv(16) == b"ready"
        except OSError:
            self._is_ready = False
        self._control.settimeout(None)
        if not self._is_ready:
            said = self._jail.said()
            raise Unavailable(f"the sandbox could not be started: {said or 'no answer'}")

    def _new_box(self, order: Order) -> PreparedBox:
        channel, theirs = socket.socketpair()
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        output, writer = new_output()
        box = self._jail.box(channel, output, order)
        try:
            handed = [theirs.fileno(), writer, *box.hand_over()]
            socket.send_fds(self._control, [order.encode()], handed)
        except OSError:
            box.free()
            raise
        finally:
            theirs.close()
            os.close(writer)
            box.handed_over()
        self._prepared += 1
        return box

    def close(self) -> None:
        """End it and all that it has prepared."""
        for box in itertools.chain(*self._waiting.values()):
            box.free()
        self._waiting.clear()
        self._jail.close()


class Taken:
    """The boxes that were handed out, until they are freed."""

    def __init__(self) -> None:
        self._boxes: list[PreparedBox] = []

    @property
    def is_untidy(self) -> bool:
        """Whether so many have come together that those that were closed must be freed."""
        return len(self._boxes) >= _UNTIDY

    def add(self, box: PreparedBox) -> None:
        """Note a box that is handed out."""
        self._boxes.append(box)

    def free_closed(self) -> None:
        """Free those that were closed."""
        for box in [box for box in self._boxes if box.channel.fileno() < 0]:
            box.free()
            self._boxes.remove(box)

    def free_all(self) -> None:
        """Free all of them. May be called twice."""
        for box in self._boxes:
            box.free()
        self._boxes.clear()


class Spawners:
    """A spawner for each kind of box that is asked for; the core of every engine that forks."""

    def __init__(self, way: Way, roles: Iterable[Role] = Role) -> None:
        self._way = way
        self._spawners: OrderedDict[tuple[Role, tuple[str, ...]], Spawner] = OrderedDict()
        self._taken = Taken()
        for role in roles:  # ready before the first submission comes
            self._spawners[role, ()] = Spawner(way, role, ())

    def take(self, role: Role, limits: Limits, libraries: Sequence[str] = ()) -> PreparedBox:
        """Hand out a box that is ready. Raises Unavailable."""
        if self._taken.is_untidy:  # nobody has called `tidy`
            self.tidy()
        kind = (role, tuple(libraries))
        try:
            box = self._spawner(kind).take(limits)
        except Unavailable:
            self._drop(kind)  # it may have been killed; a new one gets one chance
            box = self._spawner(kind).take(limits)
        self._taken.add(box)
        return box

    def tidy(self) -> None:
        """Free what has ended, and have prepared what was taken. Call it when nobody waits."""
        self._taken.free_closed()
        for spawner in self._spawners.values():
            spawner.refill()

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

    def close(self) -> None:
        """Kill and free every box and every spawner. May be called twice."""
        self._taken.free_all()
        for kind in list(self._spawners):
            self._drop(kind)
