"""What the test passes to the student's code by reference, and what that code may do with it.

A function may be called and an iterator advanced. Of other objects public attributes can be read,
and set where that replaces nothing that the test may call. A mock can be called and its children
reached, and it cannot be told what to say of that. Nothing else is answered: there is no way from
here to the test, its names or its frames.
"""

import inspect
import io
import re
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

from nbjudge_worker.codec import BadValue
from nbjudge_worker.codec.named import name_of
from nbjudge_worker.examiner.proxy import is_proxy

_STANDARD = frozenset(sys.stdlib_module_names)
_OPEN = frozenset(
    {"_csv", "_io", "_random", "_thread", "builtins", "collections", "csv", "functools", "io"}
    | {"queue", "random", "sqlite3", "tempfile", "threading", "types", "__main__"}
)
"""Modules of the standard library whose objects may be used in full. Those of others reach further
than what the test has passed on: from one Path all files can be read."""
_OF_MOCKS = frozenset({"method_calls"})
"""What a mock knows of itself beside the attributes of its class."""


class Visits:
    """The table of what has been passed on, by number."""

    def __init__(self) -> None:
        self._objects: list[Any] = []
        self._numbers: dict[int, int] = {}
        self.has_python = True
        """Whether the other side knows Python's modules, classes and functions by name."""
        self.broken: BaseException | None = None
        """The first assertion that failed inside a function of the test: it may be swallowed."""
        self._ops: dict[str, Callable[..., Any]] = {
            "call": lambda value, *args, **kwargs: value(*args, **kwargs),
            "next": next,
            "iter": iter,
            "len": len,
            "item": lambda value, key: value[key],
            "attr": _attribute,
            "setattr": _set_attribute,
        }

    def refer(self, value: Any) -> Any:
        """Return what the codec writes for an object of the test that is no plain data."""
        named = self._by_name(value) if self.has_python else None
        name = getattr(value, "__name__", None)
        told = name if isinstance(name, str) else "object"
        return named or {"V": [self._number(value), self._kind(value), told]}

    def _by_name(self, value: Any) -> Any:
        """Return what both sides have under one name."""
        name = name_of(value)
        if name is not None:
            return {"T": name}
        if isinstance(value, types.ModuleType):
            return {"M": value.__name__}
        if type(value) is io.StringIO and not value.closed:
            return {"io": [value.getvalue(), value.tell()]}
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
            return {"re": [value.pattern, value.flags]}
        if isinstance(value, types.TracebackType):
            return {"tb": 0}  # its frames hold the test
        standard = _standard_name(value)
        return {"B": standard} if standard else None

    def _kind(self, value: Any) -> str:
        if not self.has_python and isinstance(value, type):
            return "function"
        return _kind(value)

    def answer(self, op: str, number: int, args: Any, kwargs: Any) -> Any:
        """Do what the student's code asks of an object that it was given."""
        if op not in self._ops:
            raise BadValue("a question that nobody may ask")
        value = self.passed(number)
        if op not in ("call", "next", "iter") and not self._is_open(value):
            raise AttributeError(f"a {type(value).__name__} of the test has no such thing")
        try:
            return self._ops[op](value, *args, **kwargs)
        except AssertionError as error:
            self.broken = self.broken or error
            raise

    def _is_open(self, value: Any) -> bool:
        if self._kind(value) != "object" or _is_of(value, "unittest.case", "TestCase"):
            return False
        home = type(value).__module__.partition(".")[0]
        return home not in _STANDARD or home in _OPEN or _is_mock(value)

    def passed(self, number: Any) -> Any:
        """Return an object of the test that the student's code gives back."""
        if type(number) is not int or not 0 <= number < len(self._objects):
            raise BadValue("an object that was never given")
        return self._objects[number]

    def _number(self, value: Any) -> int:
        if id(value) not in self._numbers:
            self._numbers[id(value)] = len(self._objects)
            self._objects.append(value)
        return self._numbers[id(value)]


def text_stream(content: Any) -> io.StringIO:
    """Read a stream that the student's code has changed, or closed."""
    stream = io.StringIO(newline="")
    if content is None:
        stream.close()
        return stream
    text, position = content
    stream.write(text)
    stream.seek(min(position, len(text)))
    return stream


def _kind(value: Any) -> str:
    if isinstance(value, (types.FunctionType, types.MethodType, types.BuiltinFunctionType)):
        return "function"
    return "iterator" if isinstance(value, Iterator) and not callable(value) else "object"


def _public(name: Any) -> str:
    if type(name) is not str or name.startswith("_"):
        raise AttributeError("only public attributes can be reached")
    return name


def _attribute(value: Any, name: str) -> Any:
    found = getattr(value, _public(name))
    if _is_mock(value) and (name in _OF_MOCKS or hasattr(type(value), name)):
        raise AttributeError(f"only the test itself asks a mock for {name}")
    if isinstance(found, (types.ModuleType, types.FrameType, types.CodeType)):
        raise AttributeError(name)
    return found


def _set_attribute(value: Any, name: str, new: Any) -> None:
    found = inspect.getattr_static(value, _public(name), None)
    if _is_mock(value) or _is_needed(found, value, name):
        raise AttributeError(f"{name} is for the test to set")
    setattr(value, name, new)


def _is_needed(found: Any, value: Any, name: str) -> bool:
    """Tell whether the attribute is a method, a mock or a function of the test's."""
    if found is None or hasattr(type(found), "__set__"):  # by __getattr__, a slot or a property
        found = getattr(value, name, None)
    if is_proxy(found):
        return False
    return callable(found) or hasattr(type(found), "__get__") or _is_mock(found)


def _is_mock(value: Any) -> bool:
    return _is_of(value, "unittest.mock", "NonCallableMock")


def _is_of(value: Any, module: str, name: str) -> bool:
    """Tell whether the value is of a class of a module, whatever it says of its class."""
    return getattr(sys.modules.get(module), name, None) in type(value).__mro__


def _standard_name(value: Any) -> str | None:
    """Return `module:name` of a function or class of the standard library, else None."""
    owner = getattr(value, "__objclass__", None) if not isinstance(value, type) else None
    module = owner.__module__ if owner is not None else getattr(value, "__module__", None)
    path = getattr(value, "__qualname__", None)
    if not (isinstance(module, str) and isinstance(path, str)):
        return None
    if module.partition(".")[0] not in _STANDARD or module == "__main__" or "<" in path:
        return None
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    return f"{module}:{path}" if found is value else None
