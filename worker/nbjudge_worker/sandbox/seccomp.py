"""The system calls that a box may make, as a filter for the kernel.

Allowed are the calls of the first three hundred or so that programs need; everything newer but a
few, and everything that loads, mounts, traces or changes namespaces, fails as if not permitted.
The format is that of linux/filter.h and linux/seccomp.h; the numbers are those of the kernel's
tables for x86_64 and of asm-generic/unistd.h.
"""

import errno
import platform
import struct
from dataclasses import dataclass, replace

from nbjudge_course.errors import Unavailable

_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _FAIL = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT = 0, 4, 16, 24

_NAMESPACES = 0x7E020000  # the CLONE_NEW... flags that clone knows
_AF_UNIX = 1
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_CLONE3 = 435
_NEWER = (436, 437, 439, 441, 449)  # close_range, openat2, faccessat2, epoll_pwait2, futex_waitv


@dataclass(frozen=True)
class _Machine:
    audit: int
    """How the kernel names the architecture, AUDIT_ARCH_..."""
    last: int
    """The last number of the old table."""
    clone: int
    socket: int
    ioctl: int
    refused: frozenset[int]
    lasting: frozenset[int]
    """The calls for shared memory, semaphores and queues that outlive who made them."""


_MACHINES = {
    "x86_64": _Machine(
        audit=0xC000003E,
        last=334,
        clone=56,
        socket=41,
        ioctl=16,
        refused=frozenset({
            101, 103, 134, 135, 136, 139, 153, 154, 155, 156, 159, 161, 163, 164, 165, 166, 167,
            168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184,
            185, 212, 237, 246, 248, 249, 250, 256, 272, 279, 298, 300, 301, 303, 304, 305, 308,
            310, 311, 312, 313, 320, 321, 323,
        }),
        lasting=frozenset({29, 30, 31, *range(64, 72), 220, *range(240, 246)}),
    ),
    "aarch64": _Machine(
        audit=0xC00000B7,
        last=294,
        clone=220,
        socket=198,
        ioctl=29,
        refused=frozenset({
            18, 39, 40, 41, 42, 51, 58, 60, 89, 92, 97, 104, 105, 106, 116, 117, 142, 161, 162,
            170, 171, 217, 218, 219, 224, 225, 235, 238, 239, 241, 262, 263, 264, 265, 266, 268,
            270, 271, 272, 273, 280, 282, 294,
        }),
        lasting=frozenset(range(180, 198)),
    ),
}  # fmt: skip


def seccomp_filter(machine: str | None = None, *, lasting: bool = True) -> bytes:
    """Return the program, an array of struct sock_filter. Raises Unavailable on other machines.

    `lasting` allows shared memory, semaphores and queues of the kernel's, which stay in a namespace
    that others use after this box.
    """
    name = machine or platform.machine()
    known = _MACHINES.get(name)
    if known is None:
        raise Unavailable(f"there is no filter of system calls for {name} machines")
    if not lasting:
        known = replace(known, refused=known.refused | known.lasting)
    return b"".join([*_begin(known), *_rules(known), *_end(known)])


def _instruction(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)


def _fail(number: int = errno.EPERM) -> bytes:
    return _instruction(_RETURN, _FAIL | number)


def _begin(machine: _Machine) -> list[bytes]:
    return [
        _instruction(_LOAD, _ARCHITECTURE),
        _instruction(_JUMP_EQUAL, machine.audit, then=1),
        _instruction(_RETURN, _KILL),  # the tables of another architecture
        _instruction(_LOAD, _NUMBER),
    ]


def _rules(machine: _Machine) -> list[bytes]:
    rules: list[bytes] = []
    # The C library asks for clone3 first and takes ENOSYS as "use clone", whose flags can be seen.
    rules += [_instruction(_JUMP_EQUAL, _CLONE3, otherwise=1), _fail(errno.ENOSYS)]
    rules += _argument(machine.clone, _FIRST_ARGUMENT, _JUMP_ANY_BIT, _NAMESPACES)
    rules += _argument(machine.socket, _FIRST_ARGUMENT, _JUMP_EQUAL, _AF_UNIX, allow=True)
    for request in (_TIOCSTI, _TIOCLINUX):
        rules += _argument(machine.ioctl, _SECOND_ARGUMENT, _JUMP_EQUAL, request)
    for number in sorted(machine.refused):
        rules += [_instruction(_JUMP_EQUAL, number, otherwise=1), _fail()]
    for number in _NEWER:
        allow = _instruction(_RETURN, _ALLOW)
        rules += [_instruction(_JUMP_EQUAL, number, otherwise=1), allow]
    return rules


def _argument(
    number: int, offset: int, test: int, value: int, *, allow: bool = False
) -> list[bytes]:
    """For one call, refuse (or only allow) when the argument passes the test; then go on."""
    refuse = _fail() if not allow else _instruction(_RETURN, _ALLOW)
    otherwise = _instruction(_LOAD, _NUMBER) if not allow else _fail()
    return [
        _instruction(_JUMP_EQUAL, number, otherwise=4),
        _instruction(_LOAD, offset),
        _instruction(test, value, otherwise=1),
        refuse,
        otherwise,
    ]


def _end(machine: _Machine) -> list[bytes]:
    return [
        _instruction(_JUMP_GREATER_EQUAL, machine.last + 1, otherwise=1),
        _fail(),  # newer calls, and those of the x32 table
        _instruction(_RETURN, _ALLOW),
    ]
