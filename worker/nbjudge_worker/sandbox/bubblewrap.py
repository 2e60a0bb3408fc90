"""The engine `bubblewrap`: spawners in a jail, and prepared children in namespaces of their own."""

import functools
import glob
import itertools
import os
import shutil
import socket
import sys
import sysconfig
from collections.abc import Iterator, Sequence
from pathlib import Path

from nbjudge_course.errors import Unavailable

from nbjudge_worker.sandbox.census import Census
from nbjudge_worker.sandbox.cgroup import Cgroup, Cgroups, remove_left_behind
from nbjudge_worker.sandbox.core import Core
from nbjudge_worker.sandbox.order import Order
from nbjudge_worker.sandbox.prepared import PreparedBox
from nbjudge_worker.sandbox.runtime import runtime_files
from nbjudge_worker.sandbox.seccomp import seccomp_filter
from nbjudge_worker.sandbox.spawning import ProcessJail, Spawners, Way

_SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives", "/etc/ld.so.cache",
    *sorted(glob.glob("/etc/java-*")), "/etc/R",  # noqa: PTH207  # a part of those languages
)  # fmt: skip
_LOCKING_DOWN = ("SYS_ADMIN", "SETUID", "SETGID", "SETPCAP", "CHOWN")
"""What a child of root needs until it has locked itself in."""
_FIRST_USER = 2_000_000_000
_USERS = 16
_MAX_PROCESS_ID = 1 << 22
_EVERYBODY = 1 << 32


class Bubblewrap(Spawners):
    """Boxes in fresh pid, mount, ipc and uts namespaces, in a jail that has no network."""

    name = "bubblewrap"

    def __init__(self) -> None:
        jailed = [*jail(), os.path.realpath(sys.executable), "-P"]
        remove_left_behind()
        self._core, self._groups = Core(), Cgroups()
        start = functools.partial(ProcessJail, jailed, {}, self._box)
        way = Way(start, seccomp_filter())
        if _has_every_user():
            numbers = itertools.cycle(range(_USERS))
            mine = _FIRST_USER + os.getpid() % _MAX_PROCESS_ID * _USERS
            way = Way(start, seccomp_filter(), lambda: mine + next(numbers))
        super().__init__(way)

    def _box(self, channel: socket.socket, output: int, order: Order) -> PreparedBox:
        return JoinedBox(channel, output, order, self._core, self._groups)

    def close(self) -> None:
        """Kill and free every box and every spawner. May be called twice."""
        super().close()
        self._groups.close()
        self._core.close()


class JoinedBox(PreparedBox):
    """A child that joins its control group while it is prepared, for that takes milliseconds."""

    def __init__(
        self, channel: socket.socket, output: int, order: Order, core: Core, groups: Cgroups
    ) -> None:
        super().__init__(channel, output, order)
        self._core, self._groups = core, groups
        self._group = self._bounds = groups.take()

    def hand_over(self) -> Sequence[int]:
        """Return the open files by which one joins the groups. Raises OSError."""
        return self._group.doors if self._group is not None else []

    def _watcher_of(self, pid: int) -> int:
        return pid  # the first process of its namespace

    def _new_bounds(self, pid: int, watcher: int) -> Cgroup | Census:
        self._core.hold(pid)
        return self._group or Census(pid, watcher)

    def _let_go_of(self, bounds: Cgroup | Census) -> None:
        has_joined = self._process >= 0
        if bounds is self._group and has_joined:  # or it may join when the group is another's
            self._groups.give_back(self._group)
        else:
            bounds.remove()


def jail() -> list[str]:
    """Return the command up to the program that is to run in the jail. Raises Unavailable."""
    found = shutil.which("bwrap")
    if found is None:
        raise Unavailable("bubblewrap is not installed: sudo apt-get install bubblewrap")
    command = [found, *_privileges(), "--die-with-parent", "--new-session", "--hostname", "box"]
    for folder in _folders():
        command += ["--dir", folder]  # made so, others than their owner can read them
    for path in _SYSTEM:
        command += ["--ro-bind-try", path, path]
    for source, place in _binds():
        command += ["--ro-bind", source, place]
    # Children mount a /proc of their own, which the kernel allows only beside a whole one.
    command += ["--bind", "/proc", "/proc", "--dev", "/dev"]
    command += ["--dir", "/cell", "--dir", "/tmp", "--chdir", "/", "--clearenv"]  # noqa: S108  # the jail's
    for name, value in _environment().items():
        command += ["--setenv", name, value]
    return [*command, "--remount-ro", "/dev", "--remount-ro", "/", "--"]


def _privileges() -> list[str]:
    """Return how the jail comes about: by root's power, or by a user namespace.

    In a user namespace of root's a box would be root to the machine's files and devices, so root
    makes no such namespace and lets every child become a user of its own.
    """
    if not _has_every_user():
        return ["--unshare-all", "--unshare-user", "--uid", "1000", "--gid", "1000"]
    spaces = ("pid", "net", "ipc", "uts", "cgroup-try")
    wanted = [word for power in _LOCKING_DOWN for word in ("--cap-add", f"CAP_{power}")]
    return [*(f"--unshare-{space}" for space in spaces), "--cap-drop", "ALL", *wanted]


def _has_every_user() -> bool:
    """Tell whether this is root, with all the machine's users to choose from."""
    if os.geteuid() != 0:
        return False
    inside, outside, count = map(int, Path("/proc/self/uid_map").read_text().split()[:3])
    return inside == outside == 0 and count >= _EVERYBODY - 1


def _folders() -> list[str]:
    """Return the folders above what is bound, the outer ones first."""
    places = [*_SYSTEM, *(place for _, place in _binds())]
    return sorted({str(above) for place in places for above in Path(place).parents} - {"/"})


def _binds() -> Iterator[tuple[str, str]]:
    yield sys.base_prefix, sys.base_prefix
    yield sysconfig.get_path("purelib"), "/nbjudge/libraries"
    for source, place in runtime_files():
        yield str(source), f"/nbjudge/{place}"


def _environment() -> dict[str, str]:
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/cell",
        "LANG": "C.UTF-8",
        "PYTHONPATH": "/nbjudge:/nbjudge/libraries",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
