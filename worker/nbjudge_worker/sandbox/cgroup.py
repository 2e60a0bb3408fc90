"""A control group for one box: memory, processes and CPU time, in version 1 or version 2."""

import contextlib
import functools
import os
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

_V1 = ("memory", "pids", "cpuacct")
_ROOT = Path("/sys/fs/cgroup")


class Cgroup(Protocol):
    """Bounds and counts what a box uses."""

    @property
    def process_files(self) -> Sequence[Path]:
        """The files to which a process writes its id to join."""
        ...

    def begin(self, memory_bytes: int, processes: int) -> None:
        """Allow so much beyond what is held now, and count from now on."""
        ...

    def cpu_seconds(self) -> float:
        """Return the CPU time of all processes in it, since `begin`."""
        ...

    def peak_bytes(self) -> int:
        """Return the most memory held at one time, beyond what was there at `begin`."""
        ...

    def out_of_memory(self) -> bool:
        """Tell whether a process in it was killed for want of memory."""
        ...

    def remove(self) -> None:
        """Remove it; all processes in it must have ended."""
        ...


def new_cgroup() -> Cgroup | None:
    """Return a new group, or None where groups cannot be written."""
    kind = _kind()
    return None if kind is None else _made(kind)


def has_cgroups() -> bool:
    """Tell whether this process can make groups."""
    return _kind() is not None


@functools.cache
def _kind() -> "type[CgroupV1 | CgroupV2] | None":
    """Return the version of which this process can make groups. It does not change."""
    for kind in (CgroupV2, CgroupV1):
        group = _made(kind)
        if group is not None:
            group.remove()
            return kind
    return None


def _made(kind: "type[CgroupV1 | CgroupV2]") -> Cgroup | None:
    with contextlib.suppress(OSError, StopIteration, ValueError, KeyError):
        return kind(f"nbjudge-{os.getpid()}-{secrets.token_hex(6)}")
    return None


class _Counted:
    """The figures at `begin`, which all later ones are counted from, and the files that tell them.

    They are read many times in each submission, so each file is opened once.
    """

    def __init__(self) -> None:
        self._cpu_base = 0.0
        self._memory_base = 0
        self._files: dict[Path, int] = {}

    def _read(self, path: Path) -> str:
        descriptor = self._files.get(path)
        if descriptor is None:
            descriptor = self._files[path] = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        return os.pread(descriptor, 4096, 0).decode("ascii")

    def _close_files(self) -> None:
        for descriptor in self._files.values():
            os.close(descriptor)
        self._files.clear()


class CgroupV1(_Counted):
    """One folder in each of three hierarchies."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._folders = {controller: place / name for controller, place in _v1_places().items()}
        for folder in self._folders.values():
            folder.mkdir()
        self.process_files = [folder / "cgroup.procs" for folder in self._folders.values()]
        memory = self._folders["memory"]
        self._peak_file = memory / "memory.max_usage_in_bytes"
        self._oom_file = memory / "memory.oom_control"
        self._cpu_file = self._folders["cpuacct"] / "cpuacct.usage"

    def begin(self, memory_bytes: int, processes: int) -> None:
        """Allow so much beyond what is held now, and count from now on."""
        memory = self._folders["memory"]
        self._memory_base = int((memory / "memory.usage_in_bytes").read_text())
        limit = str(self._memory_base + memory_bytes)
        (memory / "memory.limit_in_bytes").write_text(limit)
        with contextlib.suppress(OSError):  # no accounting of swap in this kernel
            (memory / "memory.memsw.limit_in_bytes").write_text(limit)
        (memory / "memory.max_usage_in_bytes").write_text("0")
        here = int((self._folders["pids"] / "pids.current").read_text())
        (self._folders["pids"] / "pids.max").write_text(str(here + processes))
        self._cpu_base = self._cpu()

    def cpu_seconds(self) -> float:
        """Return the CPU time since `begin`."""
        return self._cpu() - self._cpu_base

    def _cpu(self) -> float:
        return int(self._read(self._cpu_file)) / 1e9

    def peak_bytes(self) -> int:
        """Return the peak beyond what was there at `begin`."""
        return max(0, int(self._read(self._peak_file)) - self._memory_base)

    def out_of_memory(self) -> bool:
        """Tell whether a process was killed for want of memory."""
        return _value(self._read(self._oom_file), "oom_kill") > 0

    def remove(self) -> None:
        """Remove it."""
        self._close_files()
        for folder in self._folders.values():
            _remove(folder)


class CgroupV2(_Counted):
    """One folder in the one hierarchy."""

    def __init__(self, name: str) -> None:
        super().__init__()
        if "memory" not in (_ROOT / "cgroup.controllers").read_text().split():
            raise ValueError("no memory controller")
        own = next(line for line in _own() if line.startswith("0::"))[3:]
        try:
            self._folder = _made_in(_ROOT / own.strip("/"), name)
        except (OSError, ValueError):  # a group with processes of its own hands nothing down
            self._folder = _made_in(_shared_v2(), name)
        self.process_files = [self._folder / "cgroup.procs"]

    def begin(self, memory_bytes: int, processes: int) -> None:
        """Allow so much beyond what is held now, and count from now on."""
        self._memory_base = int((self._folder / "memory.current").read_text())
        (self._folder / "memory.max").write_text(str(self._memory_base + memory_bytes))
        with contextlib.suppress(OSError):  # no accounting of swap in this kernel
            (self._folder / "memory.swap.max").write_text("0")
        with contextlib.suppress(OSError):
            here = int((self._folder / "pids.current").read_text())
            (self._folder / "pids.max").write_text(str(here + processes))
        self._cpu_base = self._cpu()

    def cpu_seconds(self) -> float:
        """Return the CPU time since `begin`."""
        return self._cpu() - self._cpu_base

    def _cpu(self) -> float:
        return _value(self._read(self._folder / "cpu.stat"), "usage_usec") / 1e6

    def peak_bytes(self) -> int:
        """Return the peak beyond what was there at `begin`."""
        for name in ("memory.peak", "memory.current"):
            with contextlib.suppress(OSError):
                return max(0, int(self._read(self._folder / name)) - self._memory_base)
        return 0

    def out_of_memory(self) -> bool:
        """Tell whether a process was killed for want of memory."""
        return _value(self._read(self._folder / "memory.events"), "oom_kill") > 0

    def remove(self) -> None:
        """Remove it."""
        self._close_files()
        _remove(self._folder)


def _shared_v2() -> Path:
    """Return the group below the root that root's workers put their boxes in. Raises OSError."""
    folder = _ROOT / "nbjudge"
    folder.mkdir(exist_ok=True)
    for parent in (_ROOT, folder):
        (parent / "cgroup.subtree_control").write_text("+memory +pids")
    return folder


def _made_in(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    if not (folder / "memory.max").exists():
        folder.rmdir()
        raise ValueError("the memory controller is not handed down")
    return folder


def _own() -> list[str]:
    return Path("/proc/self/cgroup").read_text().splitlines()


@functools.cache
def _v1_places() -> dict[str, Path]:
    """Return the folder of this process in each hierarchy. Raises KeyError."""
    places: dict[str, str] = {}
    for line in _own():
        _, controllers, place = line.split(":", 2)
        places |= dict.fromkeys(controllers.split(","), place)
    return {c: _ROOT / c / places[c].strip("/") for c in _V1}


def _value(text: str, key: str) -> int:
    pairs = (line.split() for line in text.splitlines())
    return next((int(pair[1]) for pair in pairs if pair[0] == key), 0)


def _remove(folder: Path, patience_seconds: float = 2.0) -> None:
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
