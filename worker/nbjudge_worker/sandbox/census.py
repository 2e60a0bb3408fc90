"""Bounds and counts where there is no control group: by resource limits, and by watching /proc.

Weaker than a control group: a box can overrun its memory until the next look, and pages that
several processes share count once for each. Of a process that its parent does not wait for, the CPU
time is known until the last look.
"""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class _Life:
    """What one process has used when it was last looked at, in seconds."""

    parent: int
    start: int
    """In ticks since the machine began; a number that is used again differs in it."""
    own: float
    waited_for: float
    """Of its children that it has waited for, and theirs."""
    gone: float = 0.0
    """Of its children that have been seen and are gone: some may not have been waited for."""

    @property
    def seconds(self) -> float:
        return self.own + max(self.waited_for, self.gone)


class Census:
    """Counts the processes of one box: its watcher and all that descend from it."""

    def __init__(self, pid: int, watcher: int) -> None:
        self._pid, self._watcher = pid, watcher
        self._cpu_base = self._cpu = 0.0
        self._lives: dict[int, _Life] = {}
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
        pids = [self._watcher, *descendants(self._watcher)]
        # Children first: one that ends meanwhile is then in what its parent has waited for.
        lives = {pid: life for pid in reversed(pids) if (life := _life(pid)) is not None}
        self._bury(lives)
        for pid, life in lives.items():
            life.gone = self._lives[pid].gone if pid in self._lives else 0.0
        self._lives = lives
        return sum(life.seconds for life in lives.values())

    def _bury(self, living: dict[int, _Life]) -> None:
        """Let the parents of those that are gone remember what they have used."""
        gone = [
            pid
            for pid, life in self._lives.items()
            if pid not in living or living[pid].start != life.start
        ]
        for pid in sorted(gone, key=lambda pid: self._lives[pid].start, reverse=True):
            life = self._lives.pop(pid)
            heir = self._lives.get(life.parent) or self._lives.get(self._watcher)
            if heir is not None:
                heir.gone += life.seconds


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


def _life(pid: int) -> _Life | None:
    """Return what a process has used, or None when it is gone."""
    try:
        fields = _stat(pid)
        used, waited_for = (sum(map(int, fields[at : at + 2])) / _TICKS for at in (11, 13))
        parent, start = int(fields[1]), int(fields[19])
    except (OSError, IndexError):
        return None
    with suppress(OSError):
        used = time.clock_gettime((~pid << 3) | 2)  # the clock of another process
    return _Life(parent, start, used, waited_for)


def _status(pid: int) -> dict[str, int]:
    """Return the figures of a process' memory, in bytes."""
    figures: dict[str, int] = {}
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        key, _, value = line.partition(":")
        if value.endswith(" kB"):
            figures[key] = int(value[:-3]) * 1024
    return figures
