"""Where two values differ, in words that a student can use."""

import difflib
import pprint
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from nbjudge_worker.examiner.array import Array
from nbjudge_worker.examiner.excerpts import Excerpt
from nbjudge_worker.examiner.expectations import approx
from nbjudge_worker.examiner.proxy import is_proxy, told_of

_MAX_TEXT = 2000
_MAX_LINES = 40
_MANY_LINES = 1000


def shown(value: Any) -> str:
    """Return how a value looks, bounded. Nothing that it does can raise from here."""
    is_whole = True
    try:
        excerpt = Excerpt(value)
        is_whole, text = excerpt.is_whole, repr(excerpt.part)
        if len(text) > 100 and not is_proxy(value):
            text = pprint.pformat(excerpt.part, width=88, compact=True, sort_dicts=False)
    except Exception as error:  # noqa: BLE001  # the student's own __repr__
        name = told_of(value).family if is_proxy(value) else type(value).__name__
        text = f"<{name}, whose repr raises {type(error).__name__}>"
    if is_whole and len(text) <= _MAX_TEXT:
        return text
    size = f"{len(text):,} characters" if is_whole else _size(value)
    return f"{text[:_MAX_TEXT]} ... ({size})"


def _size(value: Any) -> str:
    return f"{len(value):,} {'characters' if isinstance(value, str) else 'items'}"


def difference(expected: Any, got: Any) -> str:
    """Return in words where two values differ."""
    if isinstance(expected, approx):
        return f"the answer is {_short(got)}, and {_short(expected)} was expected"
    got = type(expected)(got) if type(got) is Array and type(expected) in (list, tuple) else got
    if type(expected) is not type(got) and not (_number(expected) and _number(got)):
        return f"the type is {_type(got)}, and {_type(expected)} was expected"
    for kinds, differ in (*_DIFFERENCES, *_of_libraries()):
        if isinstance(expected, kinds):
            with suppress(Exception):  # what is in them may not let itself be compared
                return differ(expected, got)
    return f"the answer is {_short(got)}, and {_short(expected)} was expected"


def _number(value: Any) -> bool:
    return isinstance(value, (int, float, complex)) and not isinstance(value, bool)


def _type(value: Any) -> str:
    return told_of(value).family if is_proxy(value) else type(value).__name__


def _short(value: Any) -> str:
    text = shown(value)
    return text if len(text) <= 120 else f"{text[:120]}..."


def _text_difference(expected: str, got: str) -> str:
    if "\n" in expected or "\n" in got:
        return _line_difference(expected.splitlines(), got.splitlines())
    place = next((n for n, (a, b) in enumerate(zip(expected, got, strict=False)) if a != b), None)
    if place is None:
        return f"the text has {len(got)} characters, and {len(expected)} were expected"
    came, wanted = got[place : place + 20], expected[place : place + 20]
    return f"from character {place} on the text is {came!r}, and {wanted!r} was expected"


def _line_difference(expected: list[str], got: list[str]) -> str:
    """Compare lines: of many, those from the first that differs on."""
    if max(len(expected), len(got)) > _MANY_LINES:
        pairs = enumerate(zip(expected, got, strict=False))
        place = next((n for n, (a, b) in pairs if a != b), min(len(expected), len(got)))
        expected, got = (text[max(0, place - 2) : place + _MAX_LINES] for text in (expected, got))
    lines = difflib.unified_diff(expected, got, "expected", "got", lineterm="", n=2)
    return "\n".join(list(lines)[:_MAX_LINES]) or "the ends of the lines differ"


def _sequence_difference(expected: Any, got: Any) -> str:
    pairs = enumerate(zip(expected, got, strict=False))
    place = next((n for n, (a, b) in pairs if not _equal(a, b)), None)
    if place is None:
        return f"there are {len(got)} items, and {len(expected)} were expected"
    return f"item {place} is {_short(got[place])}, and {_short(expected[place])} was expected"


def _dict_difference(expected: Any, got: Any) -> str:
    missing = [key for key in expected if key not in got]
    extra = [key for key in got if key not in expected]
    if missing:
        return f"the key {_short(missing[0])} is missing"
    if extra:
        return f"the key {_short(extra[0])} is too much"
    key = next((key for key in expected if not _equal(expected[key], got[key])), None)
    if key is None:
        return "the dictionaries differ"
    return f"under {_short(key)} is {_short(got[key])}, and {_short(expected[key])} was expected"


def _set_difference(expected: Any, got: Any) -> str:
    missing, extra = expected - got, got - expected
    parts = [f"missing: {_short(missing)}"] if missing else []
    return "; ".join([*parts, f"too much: {_short(extra)}"] if extra else parts)


def _array_difference(expected: Any, got: Any) -> str:
    if expected.shape != got.shape:
        return f"the shape is {got.shape}, and {expected.shape} was expected"
    differs = ~_same_items(expected, got).astype(bool)
    if not differs.any():
        return f"the type of the items is {got.dtype}, and {expected.dtype} was expected"
    place = tuple(int(index[0]) for index in differs.nonzero()) if differs.ndim else ()
    count = f"{int(differs.sum())} of {differs.size} items differ; " if differs.size > 1 else ""
    where = f"the one at {list(place)}" if place else "the item"
    came, wanted = _item(got[place]), _item(expected[place])
    return f"{count}{where} is {came}, and {wanted} was expected"


def _item(value: Any) -> str:
    return _short(value.item() if hasattr(value, "dtype") and not is_proxy(value) else value)


def _same_items(expected: Any, got: Any) -> Any:
    same = expected == got
    try:
        return same | ((expected != expected) & (got != got))  # noqa: PLR0124  # only NaN is not itself
    except TypeError:
        return same


def _table_difference(expected: Any, got: Any) -> str:
    for what in ("index", "columns"):
        one: Any = getattr(expected, what, None)
        other: Any = getattr(got, what, None)
        if one is not None and not one.equals(other):
            return f"the {what} is {_short(list(other))}, and {_short(list(one))} was expected"
    differs = ~((expected == got) | (expected.isna() & got.isna()))
    places = differs.to_numpy().nonzero()
    if not differs.to_numpy().any():
        return f"the type of the items is {_types(got)}, and {_types(expected)} was expected"
    row, *column = (int(index[0]) for index in places)
    where = f"row {_item(expected.index[row])}"
    where += f" of column {_item(expected.columns[column[0]])}" if column else ""
    came, wanted = got.iloc[row, *column], expected.iloc[row, *column]
    return f"in {where} is {_item(came)}, and {_item(wanted)} was expected"


def _types(table: Any) -> str:
    return _short(str(table.dtype) if table.ndim == 1 else [str(dtype) for dtype in table.dtypes])


def _of_libraries() -> list[tuple[Any, Callable[[Any, Any], str]]]:
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    found: list[tuple[Any, Callable[[Any, Any], str]]] = []
    if numpy is not None:
        found.append((numpy.ndarray, _array_difference))
    if pandas is not None:
        found.append(((pandas.DataFrame, pandas.Series), _table_difference))
    return found


def _equal(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except Exception:  # noqa: BLE001  # arrays have no single truth
        return False


_DIFFERENCES: tuple[tuple[tuple[type, ...], Callable[[Any, Any], str]], ...] = (
    ((str,), _text_difference),
    ((list, tuple), _sequence_difference),
    ((dict,), _dict_difference),
    ((set, frozenset), _set_difference),
)
