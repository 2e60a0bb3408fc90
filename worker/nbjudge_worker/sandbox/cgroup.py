"""A control group for one box: memory, processes and CPU time, in version 1 or version 2."""

import contextlib
import functools
import os
import secrets
import time
from collections import deque
from collections.abc import Sequence
from typing import Protocol

from nbjudge_worker.sandbox.cgroup_v1 import CgroupV1
from nbjudge_worker.sandbox.cgroup_v2 import CgroupV2

_NAME = "nbjudge"
_KEPT = 4


class Cgroup(Protocol):
    """Bounds and counts what a box uses."""

    @property
    def doors(self) -> Sequence[int]:
        """Open files to which a process writes its id to join, or 0 for itself."""
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
        """Tell whether a process in it was killed for want of memory, since `begin`."""
        ...

    def clear(self) -> bool:
        """Be as good as new, for another box. Tell whether that was possible."""
        ...

    def remove(self) -> None:
        """Remove it; all processes in it must have ended."""
        ...


class Cgroups:
    """Groups for one box after the other: to make and to remove one takes a tenth of a box's time.

    One is used again only when nothing is left in it.
    """

    def __init__(self) -> None:
        self._free: deque[Cgroup] = deque()

    def take(self) -> Cgroup | None:
        """Return a group with nothing in it, or None where groups cannot be written."""
        while self._free:
            group = self._free.popleft()
            if group.clear():
                return group
            group.remove()
        return new_cgroup()

    def give_back(self, group: Cgroup) -> None:
        """Keep it for another box, or remove it. All that could join it must have ended."""
        if len(self._free) < _KEPT:
            self._free.append(group)
        else:
            group.remove()

    def close(self) -> None:
        """Remove those that are kept. May be called twice."""
        while self._free:
            self._free.pop().remove()


def new_cgroup() -> Cgroup | None:
    """Return a new group, or None where groups cannot be written."""
    kind = _kind()
    return None if kind is None else _made(kind)


def remove_left_behind(older_than_seconds: float = 3600.0) -> None:
    """Remove the empty groups of workers that were killed: nobody else does.

    Young ones stay, since the process of a worker in another container cannot be seen from here.
    """
    kind = _kind()
    for parent in kind.parents() if kind else ():
        for group in parent.glob(f"{_NAME}-*-*"):
            with contextlib.suppress(OSError, ValueError):  # it is in use, or somebody else's
                is_old = time.time() - group.stat().st_mtime > older_than_seconds
                if is_old and not _lives(int(group.name.split("-")[1])):
                    group.rmdir()


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


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
        return kind.new(f"{_NAME}-{os.getpid()}-{secrets.token_hex(6)}")
    return None
