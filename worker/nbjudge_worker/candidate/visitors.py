"""The examiner's objects as the student's code meets them: a function to call, no more."""

import io
import types
from collections.abc import Callable
from typing import Any

Ask = Callable[[str, int, tuple[Any, ...], dict[str, Any]], Any]
"""Asks the examiner: (op, number of the object, positional and keyword arguments)."""


class Visitor:
    """Something that stays with the examiner. Calls, items and public attributes are passed on."""

    def __init__(self, ask: Ask, number: int, name: str) -> None:
        self.__dict__.update(_ask=ask, _number=number, __name__=name, __qualname__=name)

    def __repr__(self) -> str:
        return f"<{self.__name__}>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._ask("attr", self._number, (name,), {})

    def __setattr__(self, name: str, value: Any) -> None:
        if name.startswith("_"):
            raise AttributeError(name)
        self._ask("setattr", self._number, (name, value), {})


class VisitingFunction(Visitor):
    """A function of the test."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Have the examiner call it."""
        return self._ask("call", self._number, args, kwargs)

    def __get__(self, instance: object, _owner: type | None = None) -> Any:
        if instance is None:
            return self
        return lambda *args, **kwargs: self(instance, *args, **kwargs)


class VisitingIterator(Visitor):
    """An iterator or generator of the test, asked for one item at a time."""

    def __iter__(self) -> "VisitingIterator":
        return self

    def __next__(self) -> Any:
        return self._ask("next", self._number, (), {})


class VisitingObject(VisitingFunction):
    """Any other object that a test passes on."""

    def __len__(self) -> int:
        return int(self._ask("len", self._number, (), {}))

    def __getitem__(self, key: Any) -> Any:
        return self._ask("item", self._number, (key,), {})

    def __iter__(self) -> Any:
        return self._ask("iter", self._number, (), {})


def visitor(ask: Ask, content: Any) -> Any:
    """Return the stand-in for `[number, kind, name]`."""
    number, kind, name = content
    kinds = {"function": VisitingFunction, "iterator": VisitingIterator}
    return kinds.get(kind, VisitingObject)(ask, number, name)


def text_stream(content: Any) -> io.StringIO:
    """Return a stream that the test passes by value: `[text, position]`."""
    text, position = content
    stream = io.StringIO(text, newline="")
    stream.seek(position)
    return stream


def traceback_here(_: Any) -> types.TracebackType | None:
    """Return a traceback in place of one of the test's, which stays there."""
    try:
        raise Exception
    except Exception as error:  # noqa: BLE001  # the one above
        return error.__traceback__


_MADE_OF: dict[str, Callable[..., Any]] = {
    "": lambda value: value,
    "property": property,
    "classmethod": classmethod,
    "staticmethod": staticmethod,
}


def subclass(name: str, bases: list[type], content: list[tuple[str, str, list[Any]]]) -> type:
    """Make a class of the test's that inherits from one of the student's."""
    body = {key: _MADE_OF[kind](*parts) for key, kind, parts in content}
    return types.new_class(name, tuple(bases), {}, lambda namespace: namespace.update(body))
