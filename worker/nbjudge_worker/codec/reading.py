"""Plain data read from JSON text: what comes becomes data of the listed types, or a BadValue."""

import json
from collections import Counter, OrderedDict, deque, namedtuple
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from json.scanner import make_scanner
from pathlib import Path
from typing import Any
from uuid import UUID

from nbjudge_worker.codec import arrays
from nbjudge_worker.codec.plain import BadValue


class Decoder:
    """Reads values. `references` has a reader for each tag that `refer` of the other side uses."""

    def __init__(self, references: dict[str, Callable[[Any], Any]]) -> None:
        self._readers = {**_READERS, **arrays.READERS, **references}
        self._scan: Callable[[str, int], tuple[Any, int]] = make_scanner(
            json.JSONDecoder(object_hook=self._read)  # type: ignore[arg-type]  # it takes a decoder
        )

    def loads(self, text: str) -> Any:
        """Return the value. Raise BadValue whatever is wrong with the text."""
        try:
            value, end = self._scan(text, 0)
        except BadValue:
            raise
        except StopIteration:
            raise BadValue("no value") from None
        except Exception as error:
            raise BadValue(f"{type(error).__name__}: {error}") from error
        if end != len(text):
            raise BadValue("more than one value")
        return value

    def _read(self, tagged: dict[str, Any]) -> Any:
        if len(tagged) != 1:
            raise BadValue("an object with other than one key")
        [(tag, content)] = tagged.items()
        reader = self._readers.get(tag)
        if reader is None:
            raise BadValue(f"the tag {tag[:20]!r}")
        return reader(content)


class EnumMember:
    """A member of the other side's enumeration: its class's name, its name and its value."""

    def __init__(self, enumeration: str, name: str, value: Any) -> None:
        self.enumeration, self.name, self.value = enumeration, name, value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, EnumMember):
            return NotImplemented
        return (self.enumeration, self.name) == (other.enumeration, other.name)

    def __hash__(self) -> int:
        return hash((self.enumeration, self.name))

    def __str__(self) -> str:
        return f"{self.enumeration}.{self.name}"

    def __repr__(self) -> str:
        return f"<{self.enumeration}.{self.name}: {self.value!r}>"


def _listed(content: Any) -> list[Any]:
    if type(content) is not list:
        raise BadValue(f"a list was expected, not {type(content).__name__}")
    return content


def _text(content: Any) -> str:
    if type(content) is not str:
        raise BadValue(f"text was expected, not {type(content).__name__}")
    return content


def _dict(content: Any) -> dict[Any, Any]:
    flat = _listed(content)
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _default_dict(content: Any) -> dict[Any, Any]:
    """Read a defaultdict as a dict. What makes its values is for whoever holds it."""
    _, flat = _listed(content)
    return _dict(flat)


def _decimal(content: Any) -> Decimal:
    if len(_text(content)) > 4096:
        raise BadValue("a Decimal of too many digits")
    return Decimal(content)


def _date_time(content: Any) -> datetime:
    text, fold, *zone = _listed(content)
    moment = datetime.fromisoformat(_text(text)).replace(fold=1 if fold else 0)
    return moment.replace(tzinfo=_zone(_text(zone[0])[:64])) if zone else moment


def _zone(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo  # noqa: PLC0415  # few values need it

    return ZoneInfo(name)


def _time(content: Any) -> time:
    text, fold = _listed(content)
    return time.fromisoformat(_text(text)).replace(fold=1 if fold else 0)


@lru_cache(maxsize=64)
def _namedtuple(name: str, fields: tuple[str, ...]) -> Any:
    return namedtuple(name, fields, rename=True)


def _read_namedtuple(content: Any) -> Any:
    name, fields, items = _listed(content)
    if len(_listed(fields)) > 64 or not _text(name).isidentifier():
        raise BadValue("a named tuple that cannot be")
    return _namedtuple(name, tuple(_text(field) for field in fields))(*_listed(items))


def _read_range(content: Any) -> range:
    start, stop, step = _listed(content)
    return range(start, stop, step)


def _read_deque(content: Any) -> deque[Any]:
    items, maxlen = _listed(content)
    return deque(_listed(items), maxlen)


def read_member(content: Any) -> EnumMember:
    """Return the member of `[enumeration, name, value]`. Raises BadValue."""
    enumeration, name, value = _listed(content)
    return EnumMember(_text(enumeration), _text(name), value)


_CONSTANTS = {"Ellipsis": Ellipsis, "NotImplemented": NotImplemented}

_READERS: dict[str, Callable[[Any], Any]] = {
    "t": lambda c: tuple(_listed(c)),
    "m": _dict,
    "df": _default_dict,
    "O": lambda c: OrderedDict(_dict(c)),
    "C": lambda c: Counter(_dict(c)),
    "s": lambda c: set(_listed(c)),
    "z": lambda c: frozenset(_listed(c)),
    "q": _read_deque,
    "b": lambda c: bytes.fromhex(_text(c)),
    "y": lambda c: bytearray.fromhex(_text(c)),
    "c": lambda c: complex(*_listed(c)),
    "i": lambda c: int(_text(c), 16),
    "r": _read_range,
    "sl": lambda c: slice(*_listed(c)),
    "D": _decimal,
    "F": lambda c: Fraction(*(int(_text(n), 16) for n in _listed(c))),
    "dt": _date_time,
    "da": lambda c: date.fromisoformat(_text(c)),
    "ti": _time,
    "td": lambda c: timedelta(*_listed(c)),
    "u": lambda c: UUID(hex=_text(c)),
    "pa": lambda c: Path(_text(c)),
    "k": lambda c: _CONSTANTS[_text(c)],
    "n": _read_namedtuple,
    "e": read_member,
}
