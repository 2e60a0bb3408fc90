"""A control group of version 2: a folder in the one hierarchy."""

import contextlib
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

_SHARED = ROOT / "nbjudge"


class CgroupV2:
    """One folder in the one hierarchy."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = ControlFiles()
        self._cpu_base = 0.0
        self._memory_base = 0

    @classmethod
    def new(cls, name: str) -> "CgroupV2":
        """Make one. Raises OSError, ValueError, StopIteration."""
        if "memory" not in (ROOT / "cgroup.controllers").read_text().split():
            raise ValueError("no memory controller")
        try:
            return cls(_made_in(_own_folder(), name))
        except (OSError, ValueError):  # a group with processes of its own hands nothing down
            return cls(_made_in(_shared(), name))

    @staticmethod
    def parents() -> Sequence[Path]:
        """Return the folders that groups are made in. Raises StopIteration."""
        return [_own_folder(), _SHARED]

    @property
    def doors(self) -> Sequence[int]:
        """Return the only one."""
        return [self._files.opened(f"{self._folder}/cgroup.procs", os.O_WRONLY)]

    def begin(self, memory_bytes: int, processes: int) -> None:
        """Allow so much beyond what is held now, and count from now on."""
        self._memory_base = int(self._read("memory.current"))
        self._write("memory.max", str(self._memory_base + memory_bytes))
        with contextlib.suppress(OSError):  # no accounting of swap in this kernel
            self._write("memory.swap.max", "0")
        with contextlib.suppress(OSError):
            self._write("pids.max", str(self._processes() + processes))
        self._cpu_base = self._cpu()

    def _processes(self) -> int:
        return int(self._read("pids.current"))

    def cpu_seconds(self) -> float:
        """Return the CPU time since `begin`."""
        return self._cpu() - self._cpu_base

    def _cpu(self) -> float:
        return value_in(self._read("cpu.stat"), "usage_usec") / 1e6

    def peak_bytes(self) -> int:
        """Return the peak beyond what was there at `begin`."""
        for name in ("memory.peak", "memory.current"):
            with contextlib.suppress(OSError):
                return max(0, int(self._read(name)) - self._memory_base)
        return 0

    def out_of_memory(self) -> bool:
        """Tell whether a process was killed for want of memory."""
        return value_in(self._read("memory.events"), "oom_kill") > 0

    def clear(self) -> bool:
        """Return False: most kernels cannot forget the peak. It is one folder, so no great loss."""
        return False

    def remove(self) -> None:
        """Remove it."""
        self._files.close()
        remove_group(self._folder)

    def _read(self, name: str) -> str:
        return self._files.read(f"{self._folder}/{name}")

    def _write(self, name: str, text: str) -> None:
        self._files.write(f"{self._folder}/{name}", text)


def _shared() -> Path:
    """Return the group below the root that root's workers put their boxes in. Raises OSError."""
    _SHARED.mkdir(exist_ok=True)
    for parent in (ROOT, _SHARED):
        (parent / "cgroup.subtree_control").write_text("+memory +pids")
    return _SHARED


def _own_folder() -> Path:
    """Return the group that this process is in. Raises StopIteration."""
    return ROOT / next(line for line in own_groups() if line.startswith("0::"))[3:].strip("/")


def _made_in(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    if not (folder / "memory.max").exists():
        folder.rmdir()
        raise ValueError("the memory controller is not handed down")
    return folder
