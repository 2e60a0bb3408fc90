"""What a container of one submission uses, and how it is bounded, as seen from outside of it.

By its control group when the worker can see it, which takes microseconds and needs no power;
otherwise by asking the daemon, which takes milliseconds.
"""

import contextlib
import time
from pathlib import Path
from typing import Protocol

from nbjudge_worker.sandbox.cgroup_v1 import CONTROLLERS, CgroupV1
from nbjudge_worker.sandbox.cgroup_v2 import CgroupV2
from nbjudge_worker.sandbox.control_files import ROOT
from nbjudge_worker.sandbox.docker.daemon import CEILING_BYTES, Daemon

_MOST_PROCESSES = 4096
_FRESH_SECONDS = 0.02


class Meter(Protocol):
    """Bounds and counts, as a control group does, but for its making."""

    def begin(self, memory_bytes: int, processes: int) -> None:
        """Allow so much beyond what is held now, and count from now on. Raises OSError."""
        ...

    def cpu_seconds(self) -> float:
        """Return the CPU time since `begin`."""
        ...

    def peak_bytes(self) -> int:
        """Return the most memory held at one time beyond what was there."""
        ...

    def out_of_memory(self) -> bool:
        """Tell whether it was killed for want of memory. Raises OSError when that is unknown."""
        ...

    def remove(self) -> None:
        """Let go of it."""
        ...


def meter_of(daemon: Daemon, container: str, pid: int) -> Meter:
    """Return the best meter for a container whose first process is `pid` to the daemon."""
    for kind in (_GroupV2, _GroupV1):
        with contextlib.suppress(OSError, KeyError, StopIteration, ValueError):
            return kind(daemon, container, pid)
    return _Statistics(daemon, container)


class _GroupV1(CgroupV1):
    """The container's own folders, which the daemon made and removes."""

    def __init__(self, daemon: Daemon, container: str, pid: int) -> None:
        places = dict(_places(pid))
        folders = {name: ROOT / name / places[name].strip("/") for name in CONTROLLERS}
        super().__init__(folders)
        self._bound = _Bound(daemon, container)
        if container not in str(folders["memory"]):
            raise ValueError("the process of another container")
        self._cpu()

    def begin(self, memory_bytes: int, processes: int) -> None:
        """Allow so much beyond what is held now, and count from now on."""
        try:
            super().begin(memory_bytes, processes)
        except PermissionError:
            self._bound.set(self._memory_base + memory_bytes, self._processes() + processes)
            self._cpu_base = self._cpu()

    def remove(self) -> None:
        """Let go of its files; the daemon removes it."""
        self._files.close()


class _GroupV2(CgroupV2):
    """The container's own folder, which the daemon made and removes."""

    def __init__(self, daemon: Daemon, container: str, pid: int) -> None:
        folder = ROOT / dict(_places(pid))[""].strip("/")
        super().__init__(folder)
        self._bound = _Bound(daemon, container)
        if container not in str(folder) or not (folder / "memory.max").exists():
            raise ValueError("no group of version 2 for this container")
        self._cpu()

    def begin(self, memory_bytes: int, processes: int) -> None:
        """Allow so much beyond what is held now, and count from now on."""
        try:
            super().begin(memory_bytes, processes)
        except PermissionError:
            self._bound.set(self._memory_base + memory_bytes, self._processes() + processes)
            self._cpu_base = self._cpu()

    def remove(self) -> None:
        """Let go of its files; the daemon removes it."""
        self._files.close()


class _Bound:
    """Sets limits by way of the daemon, for a worker that may not write to the group."""

    def __init__(self, daemon: Daemon, container: str) -> None:
        self._daemon, self._container = daemon, container

    def set(self, memory_bytes: int, processes: int) -> None:
        self._daemon.bound(self._container, memory_bytes, min(processes, _MOST_PROCESSES))


class _Statistics:
    """The daemon's own figures, not asked for more often than they are worth."""

    def __init__(self, daemon: Daemon, container: str) -> None:
        self._daemon, self._container = daemon, container
        self._cpu_base = self._cpu = 0.0
        self._memory_base = self._memory = self._peak = 0
        self._limit, self._is_full = CEILING_BYTES, False
        self._asked = 0.0

    def begin(self, memory_bytes: int, processes: int) -> None:
        """Allow so much beyond what is held now, and count from now on."""
        here = self._look()
        self._memory_base, self._cpu_base = self._memory, self._cpu
        self._limit = self._memory_base + memory_bytes
        self._daemon.bound(self._container, self._limit, here + processes)

    def cpu_seconds(self) -> float:
        """Return the CPU time since `begin`."""
        if time.monotonic() - self._asked > _FRESH_SECONDS:
            self._look()
        return self._cpu - self._cpu_base

    def peak_bytes(self) -> int:
        """Return the most that was seen."""
        return self._peak

    def out_of_memory(self) -> bool:
        """Tell what the daemon says of it: that it was killed, or that it ran into its limit."""
        with contextlib.suppress(OSError):
            self._look()
        return self._is_full or bool(self._daemon.state(self._container).get("OOMKilled"))

    def remove(self) -> None:
        """There is nothing to let go of."""

    def _look(self) -> int:
        """Ask for the figures and return the number of processes. Raises OSError."""
        told = self._daemon.statistics(self._container)
        self._asked = time.monotonic()
        with contextlib.suppress(KeyError):
            self._cpu = told["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9
            self._memory = int(told["memory_stats"]["usage"])
            most = int(told["memory_stats"].get("max_usage", self._memory))
            self._is_full = most >= self._limit
        self._peak = max(self._peak, self._memory - self._memory_base)
        return int(told.get("pids_stats", {}).get("current", 0))


def _places(pid: int) -> list[tuple[str, str]]:
    """Return the controllers of a process and the places of its groups."""
    if pid <= 0:
        raise ValueError("the process cannot be seen from here")
    found = []
    for line in Path(f"/proc/{pid}/cgroup").read_text().splitlines():
        _, controllers, place = line.split(":", 2)
        found += [(controller, place) for controller in controllers.split(",")]
    return found
