"""Objects that both sides have under one name: builtin types and exceptions, nothing that acts."""

import builtins
import collections
import datetime
import decimal
import fractions
import sys
from typing import Any

_TYPES: tuple[type, ...] = (
    bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset,
    range, slice, type(None), object,
    collections.deque, collections.Counter, collections.OrderedDict,
    datetime.date, datetime.datetime, datetime.time, datetime.timedelta,
    decimal.Decimal, fractions.Fraction,
)  # fmt: skip

_EXCEPTIONS = tuple(
    value
    for value in vars(builtins).values()
    if isinstance(value, type) and issubclass(value, BaseException)
)

BY_NAME: dict[str, type] = {
    **{kind.__name__: kind for kind in _TYPES},
    **{kind.__name__: kind for kind in _EXCEPTIONS},
    "InvalidOperation": decimal.InvalidOperation,
}
_MODULES = frozenset({
    "_csv", "_pickle", "_zoneinfo", "binascii", "concurrent.futures._base", "configparser",
    "dataclasses", "decimal", "graphlib", "io", "ipaddress", "json.decoder", "numpy.exceptions",
    "numpy.linalg", "pandas.errors", "pickle", "queue", "re", "shutil", "sqlite3", "statistics",
    "struct", "subprocess", "tomllib", "urllib.error", "xml.etree.ElementTree",
    "xml.parsers.expat", "zipfile", "zlib", "zoneinfo",
})  # fmt: skip
"""Modules whose exceptions a test may name. None of them makes a test stop, or skips it."""

_NAMES = {kind: name for name, kind in BY_NAME.items() if kind.__name__ == name}


def name_of(value: Any) -> str | None:
    """Return the agreed name of a type, or None."""
    return _NAMES.get(value) if isinstance(value, type) else None


def path_of(kind: type) -> str:
    """Return `module:name` of an exception of such a module; an empty text for any other."""
    return f"{kind.__module__}:{kind.__qualname__}" if kind.__module__ in _MODULES else ""


def exception_at(path: Any) -> type[BaseException] | None:
    """Return the exception that this process has at that path, when its module was imported."""
    module, _, name = path.partition(":") if type(path) is str else ("", "", "")
    found = vars(sys.modules[module]).get(name) if module in _MODULES & sys.modules.keys() else None
    return found if isinstance(found, type) and issubclass(found, BaseException) else None


def nearest(kind: type) -> type:
    """Return the first agreed type in the lineage of an exception's class."""
    return next((base for base in kind.__mro__ if base in _NAMES), Exception)
