"""The system calls that a box may make, as a filter for the kernel: what is not listed fails.

The format is that of linux/filter.h and linux/seccomp.h.
"""

import errno
import platform
import struct
from collections.abc import Iterable, Iterator

from nbjudge_course.errors import Unavailable

from nbjudge_worker.sandbox.system_calls import Numbers, numbers_of

_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _FAIL = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT = 0, 4, 16, 24

_NAMESPACES = 0x7E020000  # the CLONE_NEW... flags that clone knows
_AF_UNIX = 1
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C


def seccomp_filter(machine: str | None = None, *, lasting: bool = True) -> bytes:
    """Return the program, an array of struct sock_filter. Raises Unavailable on other machines.

    `lasting` allows shared memory, semaphores and queues of the kernel's, which stay in a namespace
    that others use after this box.
    """
    name = machine or platform.machine()
    known = numbers_of(name)
    if known is None:
        raise Unavailable(f"there is no filter of system calls for {name} machines")
    allowed = known.allowed | known.lasting if lasting else known.allowed
    return b"".join([*_begin(known), *_checked(known), *_listed(allowed), *_end(known)])


def _instruction(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)


def _fail(number: int = errno.EPERM) -> bytes:
    return _instruction(_RETURN, _FAIL | number)


_PRETEND = _fail(0)
_ALLOWED = _instruction(_RETURN, _ALLOW)


def _begin(machine: Numbers) -> list[bytes]:
    return [
        _instruction(_LOAD, _ARCHITECTURE),
        _instruction(_JUMP_EQUAL, machine.audit, then=1),
        _instruction(_RETURN, _KILL),  # the tables of another architecture
        _instruction(_LOAD, _NUMBER),
    ]


def _checked(machine: Numbers) -> Iterator[bytes]:
    """Yield the rules for calls that depend on an argument, and for those that only pretend."""
    yield from _argument(machine.clone, _FIRST_ARGUMENT, _JUMP_ANY_BIT, _fail(), _NAMESPACES)
    yield from _argument(
        machine.ioctl, _SECOND_ARGUMENT, _JUMP_EQUAL, _fail(), _TIOCSTI, _TIOCLINUX
    )
    yield from _argument(
        machine.socket, _FIRST_ARGUMENT, _JUMP_EQUAL, _ALLOWED, _AF_UNIX, otherwise=_fail()
    )
    for number in sorted(machine.pretended):
        yield from (_instruction(_JUMP_EQUAL, number, otherwise=1), _PRETEND)


def _argument(
    number: int, offset: int, test: int, action: bytes, *values: int, otherwise: bytes = _ALLOWED
) -> Iterator[bytes]:
    """For one call, do `action` when the argument passes the test for any of the values."""
    yield _instruction(_JUMP_EQUAL, number, otherwise=2 + 2 * len(values))
    yield _instruction(_LOAD, offset)
    for value in values:
        yield from (_instruction(test, value, otherwise=1), action)
    yield otherwise


def _listed(numbers: Iterable[int]) -> Iterator[bytes]:
    """Yield the rules that allow the numbers, a run of neighbours at a time."""
    for first, last in _runs(sorted(numbers)):
        yield _instruction(_JUMP_GREATER_EQUAL, first, otherwise=2)
        yield _instruction(_JUMP_GREATER_EQUAL, last + 1, then=1)
        yield _ALLOWED


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    first = previous = numbers[0]
    for number in numbers[1:]:
        if number > previous + 1:
            yield first, previous
            first = number
        previous = number
    yield first, previous


def _end(machine: Numbers) -> list[bytes]:
    """Refuse the rest.

    Newer calls are said not to exist: then the C library takes older ones, as it does for clone3,
    whose flags no filter can see.
    """
    return [
        _instruction(_JUMP_GREATER_EQUAL, machine.newest, otherwise=1),
        _fail(errno.ENOSYS),
        _fail(),
    ]
