"""Objects that both sides have under one name: builtin types and exceptions, nothing that acts."""

import builtins
import collections
import datetime
import decimal
import fractions
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
_NAMES = {kind: name for name, kind in BY_NAME.items() if kind.__name__ == name}


def name_of(value: Any) -> str | None:
    """Return the agreed name of a type, or None."""
    return _NAMES.get(value) if isinstance(value, type) else None


def nearest(kind: type) -> type:
    """Return the first agreed type in the lineage of an exception's class."""
    return next((base for base in kind.__mro__ if base in _NAMES), Exception)
