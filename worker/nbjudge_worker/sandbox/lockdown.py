"""What a prepared child does to itself before it meets a student's code: it locks itself in.

It runs inside the spawner's jail, which already has no network and a read-only view of the
system, and adds namespaces of its own, so that it sees no other submission. Flags and numbers are
those of sched.h, sys/mount.h, linux/prctl.h and linux/capability.h.
"""

import ctypes
import os
import struct
from pathlib import Path

from nbjudge_worker.sandbox.fork import fork
from nbjudge_worker.sandbox.order import Order, limit_resources

HOME = "/cell"
_TEMPORARY = "/tmp"  # noqa: S108  # the child's own
_FILES = 4096

_NEW_USERS = 0x10000000
_NEW_PROCESSES = 0x20000000
_NEW_NAMESPACES = 0x00020000 | 0x08000000 | 0x04000000  # mnt ipc uts
_PRIVATE_ALL, _BIND = (1 << 18) | 0x4000, 0x1000
_NOSUID_NODEV = 2 | 4
_READ_ONLY, _NOEXEC = 1, 8
_CAPABILITY_VERSION = 0x20080522
_LAST_CAPABILITY = 40
_PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _PR_SET_DUMPABLE = 24, 38, 22, 4
_SECCOMP_MODE_FILTER = 2

_libc = ctypes.CDLL(None, use_errno=True)


def fork_as_first() -> int:
    """Fork, as root; the child is the first process of a new pid namespace."""
    own = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    _call("unshare", _NEW_PROCESSES)  # only for children
    child = fork()
    if child:
        _call("setns", own, _NEW_PROCESSES)
    os.close(own)
    return child


def enter_namespaces(user: int) -> None:
    """Leave for new namespaces.

    `user` is the user to become, when this is root; otherwise 0, and a user namespace is needed.
    Then the next fork is the first process of a new pid namespace, as this one is for root.
    """
    if user:
        _call("unshare", _NEW_NAMESPACES)
        return
    own, group = os.getuid(), os.getgid()
    _call("unshare", _NEW_NAMESPACES | _NEW_PROCESSES | _NEW_USERS)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{own} {own} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def lock_down(system_calls: bytes, order: Order) -> None:
    """Take a folder of one's own, then give up every privilege. `system_calls` is the filter."""
    _call("mount", b"none", b"/", None, _PRIVATE_ALL, None)
    _call("mount", b"proc", b"/proc", b"proc", _READ_ONLY | _NOSUID_NODEV | _NOEXEC, None)
    _mount_folders(order.folder_bytes, order.user)
    limit_resources(order)
    os.setsid()
    drop_privileges(order.user)
    os.chdir(HOME)
    filter_calls(system_calls)


def _mount_folders(size_bytes: int, user: int) -> None:
    """Put the parts of one file system in memory, so of one size, on all that can be written."""
    _call("mount", b"tmpfs", b"/dev/pts", b"tmpfs", _NOSUID_NODEV | _READ_ONLY, b"size=4k")
    options = f"size={size_bytes},nr_inodes={_FILES},mode=0700".encode()
    _call("mount", b"tmpfs", _TEMPORARY.encode(), b"tmpfs", _NOSUID_NODEV, options)
    for number, place in enumerate((HOME, "/dev/shm", _TEMPORARY)):  # noqa: S108  # the child's own; the last hides the others
        part = f"{_TEMPORARY}/{number}"
        os.mkdir(part, 0o700)  # noqa: PTH102  # as short as can be
        if user:
            os.chown(part, user, user)
        _call("mount", part.encode(), place.encode(), None, _BIND, None)


def drop_privileges(user: int) -> None:
    """Become this user, when it is not 0, and give up every capability for good."""
    for capability in range(_LAST_CAPABILITY + 1):
        _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    if user:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
    header = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    _call("capset", header, struct.pack("=6I", *[0] * 6))
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)


def filter_calls(system_calls: bytes) -> None:
    """Let the kernel refuse what this filter refuses, from now on."""
    rules = ctypes.create_string_buffer(system_calls, len(system_calls))
    program = struct.pack("@HP", len(system_calls) // 8, ctypes.addressof(rules))
    _call("prctl", _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program, 0, 0)


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
