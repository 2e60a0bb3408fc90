"""What a spawner is told of one box, in a form that needs nothing but the standard library."""

import resource
import struct
from dataclasses import dataclass
from pathlib import Path

_ORDER = struct.Struct("=QQQQI")
_OPEN_FILES = 256
SIZE_BYTES = _ORDER.size


@dataclass(frozen=True)
class Order:
    """The limits that a box must be born with."""

    folder_bytes: int
    """The size of the file system in memory that holds all its folders."""
    file_bytes: int
    """The size of any one file, its output among them."""
    memory_bytes: int
    """For each process, beyond what it has; 0 where a control group sees to it."""
    processes: int
    """Of the box's user; 0 where a control group sees to it."""
    user: int
    """Whom to become; 0 to stay."""

    def encode(self) -> bytes:
        """Return the message that `decode` reads."""
        numbers = self.folder_bytes, self.file_bytes, self.memory_bytes, self.processes, self.user
        return _ORDER.pack(*numbers)

    @staticmethod
    def decode(message: bytes) -> "Order":
        """Return the order that was encoded."""
        return Order(*_ORDER.unpack(message))


def limit_resources(order: Order) -> None:
    """Let the kernel hold this process, and all that it starts, to the order's limits."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _limit(resource.RLIMIT_FSIZE, order.file_bytes)
    if order.processes:
        _limit(resource.RLIMIT_NPROC, order.processes)
    if not order.memory_bytes:
        return
    held = _held_bytes()
    # Stacks of threads and arenas of malloc count, used or not. The worker watches what is used.
    # The size of the address space says nothing: Java, Go and node reserve far more than they use.
    _limit(resource.RLIMIT_DATA, held["VmData"] + 2 * order.memory_bytes)
    _limit(resource.RLIMIT_NPROC, order.processes)


def _limit(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


def _held_bytes() -> dict[str, int]:
    lines = Path("/proc/self/status").read_text().splitlines()
    pairs = (line.split(":") for line in lines if line.endswith(" kB"))
    return {key: int(value[:-3]) * 1024 for key, value in pairs}
