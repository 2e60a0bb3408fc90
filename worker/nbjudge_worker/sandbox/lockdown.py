"""What a prepared child does to itself before it meets a student's code: it locks itself in.

It runs inside the spawner's jail, which already has no network and a read-only view of the
system, and adds namespaces of its own, so that it sees no other submission. Flags and numbers are
those of sched.h, sys/mount.h, linux/prctl.h and linux/capability.h.
"""

import ctypes
import os
import resource
import struct
from pathlib import Path

HOME = "/cell"
HOME_BYTES = 64 * 1024 * 1024
_FILES = 4096
_OPEN_FILES = 256

_NEW_NAMESPACES = (
    0x10000000 | 0x20000000 | 0x00020000 | 0x08000000 | 0x04000000
)  # user pid mnt ipc uts
_PRIVATE_ALL = (1 << 18) | 0x4000
_NOSUID_NODEV = 2 | 4
_READ_ONLY, _NOEXEC = 1, 8
_FREEZE = 4096 | 32 | 2 | 1  # bind, remount, nosuid, read-only
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_CAPABILITY_VERSION = 0x20080522
_LAST_CAPABILITY = 40
_PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _PR_SET_DUMPABLE = 24, 38, 22, 4
_SECCOMP_MODE_FILTER = 2

_libc = ctypes.CDLL(None, use_errno=True)


def enter_namespaces() -> None:
    """Leave for new namespaces; the next fork is the first process of the new pid namespace."""
    user, group = os.getuid(), os.getgid()
    _call("unshare", _NEW_NAMESPACES)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def lock_down(system_calls: bytes) -> None:
    """Take a folder of one's own, then give up every privilege. `system_calls` is the filter."""
    _call("mount", b"none", b"/", None, _PRIVATE_ALL, None)
    _call("mount", b"proc", b"/proc", b"proc", _READ_ONLY | _NOSUID_NODEV | _NOEXEC, None)
    for device in _DEVICES:  # a box of root's could change whose they are, on the whole machine
        _call("mount", None, f"/dev/{device}".encode(), None, _FREEZE, None)
    options = f"size={HOME_BYTES},nr_inodes={_FILES},mode=0700".encode()
    for place in (HOME, "/tmp", "/dev/shm", "/dev/pts"):  # noqa: S108  # the child's own
        _call("mount", b"tmpfs", place.encode(), b"tmpfs", _NOSUID_NODEV, options)
    os.chdir(HOME)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    os.setsid()
    _drop_privileges()
    _filter_calls(system_calls)


def _drop_privileges() -> None:
    for capability in range(_LAST_CAPABILITY + 1):
        _libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = struct.pack("=Ii", _CAPABILITY_VERSION, 0)
    _call("capset", header, struct.pack("=6I", *[0] * 6))
    _call("prctl", _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _call("prctl", _PR_SET_DUMPABLE, 0, 0, 0, 0)


def _filter_calls(system_calls: bytes) -> None:
    rules = ctypes.create_string_buffer(system_calls, len(system_calls))
    program = struct.pack("@HP", len(system_calls) // 8, ctypes.addressof(rules))
    _call("prctl", _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, program, 0, 0)


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
