"""The files by which the kernel lets control groups be bounded and read.

Their names and meanings are those of the kernel's admin-guide/cgroup-v1 and cgroup-v2.
"""

import os
import time
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")


class ControlFiles:
    """The control files of a group. They are used many times, so each is opened once."""

    def __init__(self) -> None:
        self._opened: dict[tuple[str, int], int] = {}

    def read(self, path: str) -> str:
        """Return what a file says. Raises OSError."""
        return os.pread(self.opened(path, os.O_RDONLY), 4096, 0).decode("ascii")

    def write(self, path: str, text: str) -> None:
        """Write to a file. Raises OSError."""
        os.pwrite(self.opened(path, os.O_WRONLY), text.encode("ascii"), 0)

    def opened(self, path: str, flags: int) -> int:
        """Return the open file, which stays open until `close`. Raises OSError."""
        descriptor = self._opened.get((path, flags))
        if descriptor is None:
            descriptor = self._opened[path, flags] = os.open(path, flags | os.O_CLOEXEC)
        return descriptor

    def close(self) -> None:
        """Close all of them. May be called twice."""
        for descriptor in self._opened.values():
            os.close(descriptor)
        self._opened.clear()


def own_groups() -> list[str]:
    """Return the lines that say in which groups this process is."""
    return Path("/proc/self/cgroup").read_text().splitlines()


def value_in(text: str, key: str) -> int:
    """Return the number behind a key, one of which stands in each line; 0 when it is not there."""
    pairs = (line.split() for line in text.splitlines())
    return next((int(pair[1]) for pair in pairs if pair[0] == key), 0)


def remove_group(folder: Path, patience_seconds: float = 2.0) -> None:
    """Remove an empty group; wait for those that are just leaving it."""
    deadline = time.monotonic() + patience_seconds
    while time.monotonic() < deadline:
        try:
            folder.rmdir()
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(0.002)
        else:
            return
