"""The spawner of a container: there are no namespaces to make, so each child is kept by Landlock.

In a container of many submissions every child is a user of its own, never used again: what that
user started is killed, and what it wrote is removed, when the worker lets go of the leash or the
child has ended. In a container of one submission the container itself is thrown away.
"""

import contextlib
import ctypes
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from nbjudge_worker.sandbox import landlock
from nbjudge_worker.sandbox.lockdown import drop_privileges, filter_calls
from nbjudge_worker.sandbox.order import Order, limit_resources
from nbjudge_worker.sandbox.spawner import fork_to_serve, spawn, take_streams

FOLDER = "/cell"
DOOR = "/nbjudge-door/control"
STREAMS = "-"
_SHARED = ("/tmp", "/dev/shm")  # noqa: S108  # file systems in the container's memory
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc", "/opt", "/nbjudge")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER = 4, 36
DONE = b"E"
"""What the leash says when nothing is left of the box."""

_libc = ctypes.CDLL(None, use_errno=True)


def main() -> None:
    """Prepare children as asked. The arguments: role, the door or `-`, libraries."""
    role, door, *libraries = sys.argv[1:]
    _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)  # its memory and its files are nobody else's
    if door == STREAMS:
        from nbjudge_worker.sandbox.relay import relayed_control  # noqa: PLC0415  # seldom needed

        control = relayed_control()
    else:
        control = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        control.connect(door)
    spawn(control, role, libraries, _prepare)


def _prepare(
    runtime: ModuleType, descriptors: list[int], order: Order, system_calls: bytes
) -> None:
    """Fork a child that locks itself in and serves, and see it out. Never returns."""
    try:
        *streams, leash = descriptors
        _libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        ended, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wake)
        signal.signal(signal.SIGCHLD, lambda *_: None)

        def lock_in() -> None:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for descriptor in (leash, ended, wake):
                os.close(descriptor)
            _lock_in(order, system_calls)

        serving = fork_to_serve(runtime, take_streams(streams), lock_in)
        _wait_for_the_end(serving, leash, ended)
        if order.user:
            _leave_nothing(order.user)
            os.write(leash, DONE)
    except BaseException as error:  # noqa: BLE001  # told to the worker by way of the output
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(0)


def _lock_in(order: Order, system_calls: bytes) -> None:
    """Become a user of one's own in a folder of one's own, and give up all else."""
    with contextlib.suppress(OSError):  # when memory is short, this is what is to end
        Path("/proc/self/oom_score_adj").write_text("1000")
    limit_resources(order)
    os.setsid()
    drop_privileges(order.user)
    folder = _take_folder(order.user)
    if order.user or landlock.version():
        landlock.restrict(_rights(folder))
    filter_calls(system_calls)


def _take_folder(user: int) -> str:
    if not user:
        os.chdir(FOLDER)
        return FOLDER
    folder = _folder_of(user)
    os.mkdir(folder, 0o700)  # noqa: PTH102  # as short as can be
    os.chdir(folder)
    os.environ["HOME"] = os.environ["TMPDIR"] = tempfile.tempdir = folder
    return folder


def _folder_of(user: int) -> str:
    return f"{FOLDER}/{user}"


def _rights(folder: str) -> dict[str, int]:
    rights = dict.fromkeys(_SYSTEM, landlock.READ | landlock.LIST | landlock.EXECUTE)
    rights |= dict.fromkeys(_DEVICES, landlock.READ | landlock.WRITE)
    rights |= dict.fromkeys((folder, *_SHARED), landlock.ALL)
    return rights | {"/proc": landlock.READ | landlock.LIST}


def _wait_for_the_end(serving: int, leash: int, ended: int) -> None:
    """Bury the dead until the one that serves is among them, or the worker lets go."""
    while True:
        ready, _, _ = select.select([leash, ended], [], [])
        if leash in ready:
            return
        with contextlib.suppress(BlockingIOError):
            os.read(ended, 512)
        while (dead := _buried()) > 0:
            if dead == serving:
                return


def _buried() -> int:
    try:
        return os.waitpid(-1, os.WNOHANG)[0]
    except ChildProcessError:
        return 0


def _leave_nothing(user: int) -> None:
    """Kill all processes of this user and remove all its files.

    As this user, so that nothing else can be met; the saved user stays, or it could be killed.
    """
    os.setresuid(user, user, 0)
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)  # at one stroke: no fork can escape it
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()  # every orphan has become a child of this process
    for place in _places_of(user):
        _remove(place)


def _places_of(user: int) -> list[str]:
    found = [_folder_of(user)]
    for folder in _SHARED:
        with os.scandir(folder) as entries:
            found += [entry.path for entry in entries if _owner(entry) == user]
    return found


def _owner(entry: "os.DirEntry[str]") -> int:
    try:
        return entry.stat(follow_symlinks=False).st_uid
    except OSError:
        return -1


def _remove(place: str) -> None:
    """Remove a file or a folder of whatever depth and modes. Raises OSError."""
    try:
        if os.path.islink(place) or not os.path.isdir(place):  # noqa: PTH112, PTH114  # short
            os.unlink(place)  # noqa: PTH108  # as above
        else:
            shutil.rmtree(place)
    except FileNotFoundError:
        return
    except (OSError, RecursionError):
        for command in (["chmod", "-R", "u+rwx", place], ["rm", "-rf", place]):
            subprocess.run(command, check=False)  # noqa: S603  # programs of the image
        if os.path.lexists(place):
            raise


if __name__ == "__main__":
    main()
