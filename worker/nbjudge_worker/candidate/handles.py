"""The student's objects that are no plain data: numbered, described, and kept while in use."""

import collections.abc
import types
from functools import lru_cache
from typing import Any

from nbjudge_worker.candidate.visitors import Visitor
from nbjudge_worker.codec import named
from nbjudge_worker.codec.plain import Own
from nbjudge_worker.codec.specials import SPECIALS

_FUNCTIONS = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.MethodWrapperType,
    type(str.join),
)


class Handles:
    """The table of what the examiner has been told of."""

    def __init__(self) -> None:
        self._objects: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._last = 0

    def __getitem__(self, number: int) -> Any:
        return self._objects[number]

    def number(self, value: Any) -> int:
        """Return the number of the object; the same object always has the same."""
        known = self._numbers.get(id(value))
        if known is not None:
            return known
        self._last += 1
        self._objects[self._last] = value
        self._numbers[id(value)] = self._last
        return self._last

    def release(self, numbers: list[int]) -> None:
        """Forget objects that the examiner holds no longer."""
        for number in numbers:
            value = self._objects.pop(number, self)
            if value is not self:
                self._numbers.pop(id(value), None)

    def refer(self, value: Any) -> Any:
        """Return what the codec writes for an object that is no plain data."""
        if isinstance(value, Own):
            kind: type = type(value.value)
            told = self._told(value.value)
            return {"p": [*told[:3], _overridden(kind), told[4], value.plain]}
        if isinstance(value, Visitor):
            return {"o": value.__dict__["_number"]}
        name = named.name_of(value)
        if name is not None:
            return {"T": name}
        if isinstance(value, type) and issubclass(value, BaseException):
            return self._exception_class(value)
        return {"h": self._told(value)}

    def _told(self, value: Any) -> list[Any]:
        kind: type = type(value)
        return [self.number(value), _kind(value), _name(value), _specials(kind), _family(value)]

    def _exception_class(self, kind: type) -> Any:
        """Describe a class of exception with its lineage, for a mirror of it."""
        name = named.name_of(kind)
        if name is not None:
            return {"T": name}
        bases = [base for base in kind.__bases__ if issubclass(base, BaseException)]
        told = [self._exception_class(base) for base in bases]
        return {"E": [self.number(kind), kind.__name__, told, named.path_of(kind)]}


def _name(value: Any) -> str:
    name = getattr(value, "__name__", None) if _kind(value) != "object" else None
    return name if isinstance(name, str) else type(value).__name__


def _kind(value: Any) -> str:
    if isinstance(value, type):
        return "class"
    if isinstance(value, _FUNCTIONS):
        return "function"
    if isinstance(value, types.GeneratorType):
        return "generator"
    if isinstance(value, collections.abc.Awaitable):
        return "coroutine"
    if isinstance(value, types.AsyncGeneratorType):
        return "async_generator"
    return "object"


def _family(value: Any) -> str:
    """Return the name of the class, for messages."""
    return type(value).__name__


@lru_cache(maxsize=1024)
def _specials(kind: type) -> list[str]:
    """Return the special methods that the class has beyond those of every object."""
    return [name for name in SPECIALS if _is_special(kind, name)]


@lru_cache(maxsize=1024)
def _overridden(kind: type) -> list[str]:
    """Return the special methods that a subclass of a plain type has in place of the type's."""
    own = {name for part in kind.__mro__ if part.__module__ == "__main__" for name in vars(part)}
    if "__missing__" in own:
        own.add("__getitem__")
    return [name for name in SPECIALS if name in own]


def _is_special(kind: type, name: str) -> bool:
    if name == "__call__" and issubclass(kind, type):
        return True
    method = getattr(kind, name, None)
    if method is None:
        return False
    return method is not getattr(object, name, None) and method is not getattr(type, name, None)
