"""Plain data written as JSON text: exact, bounded, and never code.

None, bool, str, float, int and list stand for themselves. Everything else is an object with one
key, the tag, and its content: `{"t": [1, 2]}` is a tuple. What is no plain data is given to
`refer`, which answers with a reference of its own.
"""

import json
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum, Flag
from fractions import Fraction
from pathlib import PosixPath, PurePosixPath
from types import EllipsisType, FunctionType, NoneType, NotImplementedType
from typing import Any
from uuid import UUID

from nbjudge_worker.codec import arrays
from nbjudge_worker.codec.named import name_of

MAX_DEPTH = 100
_SHORT_INT = 1 << 62
_SAFE_INT = 1 << 4096  # decimal digits are read in quadratic time; beyond this, hexadecimal

Refer = Callable[[Any], Any]
"""Turns an object that is no plain data into something that json can write."""


class BadValue(Exception):
    """Something that is no value of this language."""


def dumps(value: Any, refer: Refer) -> str:
    """Return the value as ASCII JSON."""
    kind = type(value)
    if kind is tuple:
        return f'{{"t":{_written(_items(value, refer, 1))}}}' if value else '{"t":[]}'
    if kind is dict and not value:
        return '{"m":[]}'
    if kind is int and -_SHORT_INT < value < _SHORT_INT:
        return str(value)
    return _constant(value) or _written(to_json(value, refer))


def _constant(value: Any) -> str | None:
    if value is None:
        return "null"
    if value is True:
        return "true"
    return "false" if value is False else None


def _writer() -> Callable[[Any], str]:
    """Return what makes text of JSON: the standard library's, without making it anew each time."""
    encoder = json.JSONEncoder(separators=(",", ":"), check_circular=False)
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return encoder.encode
    quoted = json.encoder.encode_basestring_ascii
    chunks = make(None, encoder.default, quoted, None, ":", ",", False, False, True)  # noqa: FBT003  # in C
    return lambda value: "".join(chunks(value, 0))


_written = _writer()

_LEAVES = frozenset({NoneType, bool, str, float})
_LEAVES_OR_INTS = _LEAVES | {int}


def to_json(value: Any, refer: Refer, depth: int = 0) -> Any:
    """Return the value as json can write it."""
    kind = type(value)
    if kind in _LEAVES:
        return value
    if kind is int:
        return value if -_SAFE_INT < value < _SAFE_INT else {"i": hex(value)}
    if depth > MAX_DEPTH:
        return refer(value)
    alone = _ALONE.get(kind)
    return alone(value) if alone else _NESTED.get(kind, _unusual)(value, refer, depth + 1)


def _items(values: Iterable[Any], refer: Refer, depth: int) -> list[Any]:
    values = list(values)
    kinds = set(map(type, values))
    if kinds <= _LEAVES:
        return values
    if kinds <= _LEAVES_OR_INTS:
        ints = [value for value in values if type(value) is int]
        if min(ints) > -_SAFE_INT and max(ints) < _SAFE_INT:
            return values
    return [to_json(value, refer, depth) for value in values]


def _pairs(value: dict[Any, Any], refer: Refer, depth: int) -> list[Any]:
    flat: list[Any] = []
    for key, item in dict.items(value):
        flat += (key, item)
    return _items(flat, refer, depth)


def _time_of_day(value: time, refer: Refer, _depth: int) -> Any:
    return {"ti": [value.isoformat(), value.fold]} if value.tzinfo is None else refer(value)


def _moment(value: datetime, refer: Refer, _depth: int) -> Any:
    zone = getattr(value.tzinfo, "key", None)
    if type(value.tzinfo).__module__ == "zoneinfo" and type(zone) is str:
        return {"dt": [value.replace(tzinfo=None).isoformat(), value.fold, zone]}
    if value.tzinfo is not None and type(value.tzinfo) is not timezone:
        return refer(value)
    return {"dt": [value.isoformat(), value.fold]}


_NESTED: dict[type, Callable[[Any, Refer, int], Any]] = {
    list: _items,
    tuple: lambda v, r, d: {"t": _items(v, r, d)},
    dict: lambda v, r, d: {"m": _pairs(v, r, d)},
    defaultdict: lambda v, r, d: {"df": [name_of(v.default_factory), _pairs(v, r, d)]},
    OrderedDict: lambda v, r, d: {"O": _pairs(dict(OrderedDict.items(v)), r, d)},
    Counter: lambda v, r, d: {"C": _pairs(v, r, d)},
    set: lambda v, r, d: {"s": _items(v, r, d)},
    frozenset: lambda v, r, d: {"z": _items(v, r, d)},
    deque: lambda v, r, d: {"q": [_items(v, r, d), v.maxlen]},
    slice: lambda v, r, d: {"sl": _items((v.start, v.stop, v.step), r, d)},
    datetime: _moment,
    time: _time_of_day,
}

_ALONE: dict[type, Callable[[Any], Any]] = {
    bytes: lambda v: {"b": v.hex()},
    bytearray: lambda v: {"y": v.hex()},
    complex: lambda v: {"c": [v.real, v.imag]},
    range: lambda v: {"r": [to_json(n, repr) for n in (v.start, v.stop, v.step)]},
    Decimal: lambda v: {"D": str(v)},
    Fraction: lambda v: {"F": [hex(v.numerator), hex(v.denominator)]},
    date: lambda v: {"da": v.isoformat()},
    timedelta: lambda v: {"td": [v.days, v.seconds, v.microseconds]},
    UUID: lambda v: {"u": v.hex},
    PosixPath: lambda v: {"pa": str(v)},
    PurePosixPath: lambda v: {"pa": str(v)},
    EllipsisType: lambda _: {"k": "Ellipsis"},
    NotImplementedType: lambda _: {"k": "NotImplemented"},
}

# How the base type itself reads an instance of a subclass, whatever the subclass overrides.
_BASES: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (bool, bool),
    (int, int.__pos__),
    (float, float.__pos__),
    (str, str.__str__),
    (bytes, lambda v: bytes.__getitem__(v, slice(None))),
    (list, lambda v: list(list.__iter__(v))),
    (tuple, lambda v: tuple(tuple.__iter__(v))),
    (Counter, lambda v: Counter(dict(dict.items(v)))),
    (OrderedDict, lambda v: OrderedDict(OrderedDict.items(v))),
    (dict, lambda v: dict(dict.items(v))),
    (set, lambda v: set(set.__iter__(v))),
    (frozenset, lambda v: frozenset(frozenset.__iter__(v))),
)


def _unusual(value: Any, refer: Refer, depth: int) -> Any:
    kind = type(value)
    lineage = kind.__mro__
    array = arrays.to_json(value, lambda item: to_json(item, refer, depth), refer)
    if array is not None:
        return array
    for base, read in _BASES:
        if base in lineage:
            if base is tuple and _is_namedtuple(kind):
                fields = [str(name) for name in kind._fields]
                items = _items(tuple.__iter__(value), refer, depth)
                plain: Any = {"n": [kind.__name__, fields, items]}
                return refer(Own(value, plain)) if _has_methods(kind) else plain
            plain = to_json(read(value), refer, depth)
            return refer(Own(value, plain)) if kind.__module__ == "__main__" else plain
    if Enum in lineage and not (Flag in lineage or _has_functions(kind)):
        return {"e": [kind.__name__, value.name, to_json(value.value, refer, depth)]}
    return refer(value)


class Own:
    """An instance of someone's own subclass of a plain type, with its plain content as JSON."""

    def __init__(self, value: Any, plain: Any) -> None:
        self.value, self.plain = value, plain


def content_of(value: Any) -> Any:
    """Return the plain content of an instance of a subclass, whatever the subclass overrides."""
    return next((read(value) for base, read in _BASES if isinstance(value, base)), None)


def _has_functions(kind: type) -> bool:
    """Tell whether a class defines more than its members."""
    own = [
        value
        for part in kind.__mro__
        if part.__module__ == "__main__"
        for value in vars(part).values()
    ]
    kinds = (property, classmethod, staticmethod)
    return any(isinstance(v, kinds) or _is_function_of_theirs(v) for v in own)


def _is_function_of_theirs(value: Any) -> bool:
    return isinstance(value, FunctionType) and value.__module__ == "__main__"


def _has_methods(kind: type) -> bool:
    """Tell whether a class of named tuples says more than its fields."""
    own = [
        item
        for part in kind.__mro__
        if part.__module__ == "__main__"
        for item in vars(part).items()
    ]
    return any(isinstance(v, (FunctionType, property)) and name[0] != "_" for name, v in own)


def _is_namedtuple(kind: type) -> bool:
    fields = getattr(kind, "_fields", None)
    return type(fields) is tuple and all(type(name) is str for name in fields)
