"""A control group of version 1: a folder in each of three hierarchies."""

import contextlib
import functools
import os
from collections.abc import Sequence
from pathlib import Path

from nbjudge_worker.sandbox.control_files import (
    ROOT,
    ControlFiles,
    own_groups,
    remove_group,
    value_in,
)

CONTROLLERS = ("memory", "pids", "cpuacct")
_LEFT_BYTES = 1024 * 1024
"""What the kernel may still count for a box that has ended: it counts in batches."""


class CgroupV1:
    """One folder in each of three hierarchies."""

    def __init__(self, folders: dict[str, Path]) -> None:
        """Take the folder for each of the controllers `memory`, `pids` and `cpuacct`."""
        self._folders = folders
        memory, pids, cpuacct = (str(folders[controller]) for controller in CONTROLLERS)
        self._memory, self._pids = f"{memory}/memory", f"{pids}/pids"
        self._cpu_file = f"{cpuacct}/cpuacct.usage"
        self._files = ControlFiles()
        self._cpu_base = 0.0
        self._memory_base = self._killed_base = 0

    @classmethod
    def new(cls, name: str) -> "CgroupV1":
        """Make one. Raises OSError, KeyError."""
        folders = {controller: place / name for controller, place in _places().items()}
        for folder in folders.values():
            folder.mkdir()
        return cls(folders)

    @staticmethod
    def parents() -> Sequence[Path]:
        """Return the folders that groups are made in. Raises KeyError."""
        return list(_places().values())

    @property
    def doors(self) -> Sequence[int]:
        """Return one for each hierarchy."""
        files = (f"{folder}/cgroup.procs" for folder in self._folders.values())
        return [self._files.opened(file, os.O_WRONLY) for file in files]

    def begin(self, memory_bytes: int, processes: int) -> None:
        """Allow so much beyond what is held now, and count from now on."""
        self._memory_base = int(self._files.read(f"{self._memory}.usage_in_bytes"))
        limit = str(self._memory_base + memory_bytes)
        self._files.write(f"{self._memory}.limit_in_bytes", limit)
        with contextlib.suppress(OSError):  # no accounting of swap in this kernel
            self._files.write(f"{self._memory}.memsw.limit_in_bytes", limit)
        self._files.write(f"{self._memory}.max_usage_in_bytes", "0")
        self._files.write(f"{self._pids}.max", str(self._processes() + processes))
        self._killed_base, self._cpu_base = self._killed(), self._cpu()

    def _processes(self) -> int:
        return int(self._files.read(f"{self._pids}.current"))

    def cpu_seconds(self) -> float:
        """Return the CPU time since `begin`."""
        return self._cpu() - self._cpu_base

    def _cpu(self) -> float:
        return int(self._files.read(self._cpu_file)) / 1e9

    def peak_bytes(self) -> int:
        """Return the peak beyond what was there at `begin`."""
        peak = int(self._files.read(f"{self._memory}.max_usage_in_bytes"))
        return max(0, peak - self._memory_base)

    def out_of_memory(self) -> bool:
        """Tell whether a process was killed for want of memory."""
        return self._killed() > self._killed_base

    def _killed(self) -> int:
        return value_in(self._files.read(f"{self._memory}.oom_control"), "oom_kill")

    def clear(self) -> bool:
        """Lift the limits, if the group is still there and nothing of the last box is left."""
        try:
            held = int(self._files.read(f"{self._memory}.usage_in_bytes"))
            if held > _LEFT_BYTES or self._processes() > 0:
                return False
            with contextlib.suppress(OSError):  # as in `begin`
                self._files.write(f"{self._memory}.memsw.limit_in_bytes", "-1")
            self._files.write(f"{self._memory}.limit_in_bytes", "-1")
            self._files.write(f"{self._pids}.max", "max")
        except OSError:
            return False
        return True

    def remove(self) -> None:
        """Remove it."""
        self._files.close()
        for folder in self._folders.values():
            remove_group(folder)


@functools.cache
def _places() -> dict[str, Path]:
    """Return the folder of this process in each hierarchy. Raises KeyError."""
    places: dict[str, str] = {}
    for line in own_groups():
        _, controllers, place = line.split(":", 2)
        places |= dict.fromkeys(controllers.split(","), place)
    return {c: ROOT / c / places[c].strip("/") for c in CONTROLLERS}
