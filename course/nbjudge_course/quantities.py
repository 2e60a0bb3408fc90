"""Quantities as people write them, `2s` and `256 MB`, read as seconds and bytes."""

import re

_SECONDS = {"": 1.0, "s": 1.0, "sec": 1.0, "seconds": 1.0, "second": 1.0, "ms": 0.001, "min": 60.0}
_BYTES = {"": 1, "b": 1, "bytes": 1} | {
    unit: 1024**power
    for power, letter in enumerate("kmg", start=1)
    for unit in (letter, f"{letter}b", f"{letter}ib")
}
_QUANTITY = re.compile(r"^(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[a-z]*)$")


def seconds(text: str) -> float:
    """Return the seconds of `2`, `2s`, `500ms` or `1 min`. Raise ValueError that says the form."""
    number, factor = _split(text, _SECONDS, "a time such as 2s, 500ms or 1 min")
    return number * factor


def size_bytes(text: str) -> int:
    """Return the bytes of `1000`, `64 KB` or `256MB`; 1 KB is 1024 bytes. Raise ValueError."""
    number, factor = _split(text, _BYTES, "a size such as 256MB, 64 KB or 1GB")
    return int(number * factor)


def _split(text: str, units: dict[str, float] | dict[str, int], form: str) -> tuple[float, float]:
    match = _QUANTITY.match(text.strip().lower())
    if match is None or match["unit"] not in units:
        raise ValueError(f"{text!r} is not {form}")
    return float(match["number"]), units[match["unit"]]
