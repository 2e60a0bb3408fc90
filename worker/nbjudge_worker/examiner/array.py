"""Arrays of a language that has no tuples: the same tests must hold for a list and for a tuple."""

from typing import Any


class Array(list[Any]):
    """A list that is also equal to a tuple of the same items."""

    def __eq__(self, other: object) -> bool:
        return list.__eq__(self, list(other) if isinstance(other, tuple) else other) is True

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None  # a list has none either
