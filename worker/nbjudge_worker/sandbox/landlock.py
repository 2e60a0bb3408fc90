"""Landlock: a process gives up, for itself and all that it starts, what it need not reach.

The numbers are those of linux/landlock.h. What the kernel does not know yet is left out.
"""

import ctypes
import os
import struct
from collections.abc import Iterable, Mapping

EXECUTE, WRITE, READ, LIST = 1, 2, 4, 8
ALL = (1 << 16) - 1
"""Every right of the newest version known here."""
_OF_FILES = EXECUTE | WRITE | READ | 1 << 14 | 1 << 15  # the last are: cut, control a device

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION, _BENEATH = 1, 1
_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_SCOPES_SINCE, _ABSTRACT_SOCKETS_AND_SIGNALS = 6, 3

_libc = ctypes.CDLL(None, use_errno=True)


def version() -> int:
    """Return which version the kernel has; 0 without any."""
    found = _libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)
    return max(0, int(found))


def restrict(rights: Mapping[str, int]) -> None:
    """Reach from now on only these files and folders, each with its rights. Raises OSError.

    From version 6 on, no process outside can be signalled or met at an abstract socket. Needs
    that no new privileges can be had.
    """
    here = version()
    known = _RIGHTS.get(here, ALL)
    scopes = _ABSTRACT_SOCKETS_AND_SIGNALS if here >= _SCOPES_SINCE else 0
    attributes = struct.pack("=QQQ", known, 0, scopes)[: 24 if scopes else 8]
    rules = _call(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    try:
        for path, allowed in _present(rights.items()):
            _allow(rules, path, allowed & known)
        _call(_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def _present(rights: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(path, allowed) for path, allowed in rights if os.path.exists(path)]  # noqa: PTH110  # short


def _allow(rules: int, path: str, allowed: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        allowed = allowed if os.path.isdir(path) else allowed & _OF_FILES  # noqa: PTH112  # short
        _call(_ADD_RULE, rules, _BENEATH, struct.pack("=Qi", allowed, place), 0)
    finally:
        os.close(place)


def _call(number: int, *arguments: object) -> int:
    result = _libc.syscall(number, *arguments)
    if result < 0:
        error = ctypes.get_errno()
        raise OSError(error, f"landlock: {os.strerror(error)}")
    return int(result)
