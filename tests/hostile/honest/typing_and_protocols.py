from __future__ import annotations

from typing import Generic, NamedTuple, Protocol, TypeVar

T = TypeVar("T")


class Weighed(NamedTuple):
    place: int
    code: int


class Box(Generic[T]):
    def __init__(self, item: T) -> None:
        self.item: T = item


class Sum(Protocol):
    def __call__(self, text: str) -> int: ...


def checksum(text: str) -> int:
    boxes: list[Box[Weighed]] = [Box(Weighed(i, ord(c))) for i, c in enumerate(text, 1)]
    return sum(box.item.place * box.item.code for box in boxes) * 4099
