"""A box in a container, from the worker's side: held on a leash, on which its end is heard."""

import contextlib
import select
import socket
from typing import Protocol

from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import Limits

from nbjudge_worker.sandbox.box import Ending, Usage
from nbjudge_worker.sandbox.census import Census
from nbjudge_worker.sandbox.contained import DONE
from nbjudge_worker.sandbox.docker.meters import Meter
from nbjudge_worker.sandbox.order import Order
from nbjudge_worker.sandbox.prepared import PreparedBox

_GONE_SECONDS = 5.0
_ENOUGH_PROCESSES = 1000


class Around(Protocol):
    """The container around a box."""

    id: str

    def meter(self) -> Meter:
        """Return what bounds and counts all that is in it."""
        ...

    def was_out_of_memory(self) -> bool:
        """Tell what the daemon knows of its end."""
        ...

    def close(self) -> None:
        """Throw it away. May be called twice."""
        ...


class ContainedBox(PreparedBox):
    """A child whose watcher stands in the container: letting go of the leash ends the child."""

    is_below = False

    def __init__(
        self, channel: socket.socket, output: int, order: Order, container: Around
    ) -> None:
        super().__init__(channel, output, order)
        self.container = container
        self._leash, self._theirs = socket.socketpair()

    def hand_over(self) -> list[int]:
        """Return the child's end of the leash."""
        return [self._theirs.fileno()]

    def handed_over(self) -> None:
        """Close it here: it must be open in the child alone."""
        self._theirs.close()

    def ending(self) -> Ending | None:
        """Return how the box ended, or None while it lives."""
        if self._ending is None and select.select([self._leash], [], [], 0.0)[0]:
            self.usage()
            self._ending = self._cause(Ending.EXITED)
        return self._ending

    def free(self) -> None:
        """Close it, and its output as well. May be called twice."""
        super().free()
        self._leash.close()
        self._theirs.close()


class SharedBox(ContainedBox):
    """A box in a container that others have used and will use: nothing of it may stay."""

    def _ready(self) -> int:
        """Return the id of its process, which the kernel vouches for. Raises Unavailable."""
        pid = super()._ready()
        if pid <= 0:
            self.free()
            raise Unavailable(
                "this worker is in a container itself and sees no process of its boxes: run it "
                "with --pid=host, or with the engine docker"
            )
        return pid

    def usage(self) -> Usage:
        """Return what the box has used; end one that was seen to hold too much."""
        used = super().usage()
        if isinstance(self._bounds, Census) and self._bounds.out_of_memory():
            with contextlib.suppress(OSError):
                self._leash.shutdown(socket.SHUT_WR)
        return used

    def _kill(self) -> None:
        """Let go of the leash, and wait until the watcher has seen to it that nothing stays."""
        if self._leash.fileno() < 0:
            return
        with contextlib.suppress(OSError):  # it may have ended by itself
            self._leash.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError), self._leash:
            self._leash.settimeout(_GONE_SECONDS)
            if self._leash.recv(1) == DONE:
                return
        self.container.close()


class OnlyBox(ContainedBox):
    """The one box of a container, which is thrown away with it."""

    def __init__(
        self, channel: socket.socket, output: int, order: Order, container: Around
    ) -> None:
        super().__init__(channel, output, order, container)
        self._meter: Meter | None = None
        self._memory_bytes = 0

    def settle(self) -> None:
        """Do nothing: its processes are the container's."""

    def begin(self, limits: Limits) -> None:
        """Wait until it is ready, bound it, and count from now on. Raises Unavailable."""
        self._ready()
        self._meter, self._memory_bytes = self.container.meter(), limits.memory_bytes
        try:
            # A user whose processes are counted within needs no second bound, which would end all.
            more = _ENOUGH_PROCESSES if self.order.processes else limits.processes
            self._meter.begin(limits.memory_bytes, more)
        except OSError as error:
            self.free()
            raise Unavailable(f"a container could not be bounded: {error}") from error

    def usage(self) -> Usage:
        """Return what the box has used; the last figures once it has ended."""
        if self._meter is not None:
            with contextlib.suppress(OSError):
                self._usage = Usage(self._meter.cpu_seconds(), self._meter.peak_bytes())
        return self._usage

    def _cause(self, otherwise: Ending) -> Ending:
        if self._meter is None:
            return otherwise
        try:
            out_of_memory = self._meter.out_of_memory()
        except OSError:  # the group went with the container; of gVisor's the daemon knows nothing
            is_full = self._usage.memory_bytes >= self._memory_bytes
            out_of_memory = is_full or self.container.was_out_of_memory()
        return Ending.OUT_OF_MEMORY if out_of_memory else otherwise

    def close(self) -> None:
        """Kill the container and free the box, but for the output. May be called twice."""
        if self.channel.fileno() >= 0:
            self.usage()
            self._ending = self._ending or self._cause(Ending.CLOSED)
        if self._meter is not None:
            self._meter.remove()
            self._meter = None
        self.channel.close()
        self._leash.close()
        self.container.close()
