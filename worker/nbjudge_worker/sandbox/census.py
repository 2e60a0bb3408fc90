"""Bounds and counts where there is no control group: by resource limits, and by watching /proc.

Weaker than a control group: a box can overrun its memory until the next look, and pages that
several processes share count once for each.
"""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


class Census:
    """Counts the processes of one box: its watcher and all that descend from it."""

    def __init__(self, pid: int, watcher: int) -> None:
        self._pid, self._watcher = pid, watcher
        self._cpu_base = self._cpu = 0.0
        self._memory_base = self._peak = 0
        self._memory_limit: int | None = None
        self._overrun = False

    def begin(self, memory_bytes: int, _processes: int) -> None:
        """Allow so much beyond what is held now, and count from now on."""
        held = _status(self._pid)
        self._memory_base = held["RssAnon"] + held["RssShmem"]
        self._memory_limit = memory_bytes
        self._cpu_base = self._count_cpu()

    def cpu_seconds(self) -> float:
        """Return the CPU time of all processes of the box since `begin`."""
        self._cpu = max(self._cpu, self._count_cpu() - self._cpu_base)
        return self._cpu

    def peak_bytes(self) -> int:
        """Return the most memory seen at one time beyond what was there; kill on an overrun."""
        held = 0
        for pid in [self._watcher, *descendants(self._watcher)]:
            with suppress(OSError, KeyError):  # it has just ended
                status = _status(pid)
                held += max(0, status["RssAnon"] + status["RssShmem"] - self._memory_base)
        self._peak = max(self._peak, held)
        if self._memory_limit is not None and held > self._memory_limit:
            self._overrun = True
            with suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)
        return self._peak

    def out_of_memory(self) -> bool:
        """Tell whether it was killed for holding too much."""
        return self._overrun

    def remove(self) -> None:
        """There is nothing to remove."""

    def _count_cpu(self) -> float:
        return sum(map(_cpu_seconds, [self._watcher, *descendants(self._watcher)]))


def descendants(root: int) -> list[int]:
    """Return the living descendants of a process."""
    found, new = [], _children(root)
    while new:
        found += new
        new = [child for pid in new for child in _children(pid)]
    return found


def descends(pid: int, root: int) -> bool:
    """Tell whether a process is below another. Raises OSError when one on the way has ended."""
    while pid > 1 and pid != root:
        pid = parent_of(pid)
    return pid == root


def parent_of(pid: int) -> int:
    """Return the id of a process' parent. Raises OSError when it has ended."""
    return int(_stat(pid)[1])


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208  # names only, and often
            found += map(int, Path(f"/proc/{pid}/task/{task}/children").read_text().split())
    return found


def _stat(pid: int) -> list[str]:
    """Return the fields of a process' stat from its state on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process, and of its children that have been waited for."""
    try:
        fields = _stat(pid)
        own = int(fields[11]) + int(fields[12])
        waited_for = int(fields[13]) + int(fields[14])
    except (OSError, IndexError):
        return 0.0
    try:
        precise = time.clock_gettime((~pid << 3) | 2)  # the clock of another process
    except OSError:
        precise = own / _TICKS
    return precise + waited_for / _TICKS


def _status(pid: int) -> dict[str, int]:
    """Return the figures of a process' memory, in bytes."""
    figures: dict[str, int] = {}
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        key, _, value = line.partition(":")
        if value.endswith(" kB"):
            figures[key] = int(value[:-3]) * 1024
    return figures
