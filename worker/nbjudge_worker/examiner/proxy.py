"""Proxies: the student's objects as a test meets them. Whatever they answer is only data.

A proxy is never equal to plain data and has no order with it; of an instance of the student's own
subclass of a plain type, the plain content is compared, here. Arithmetic between the two is for
problems about classes, and never gives plain data, not even later: otherwise an object whose
operators always please would pass `abs(f(x) - 3) < 0.001`, and would be told the 3.
"""

import types
from collections.abc import Callable, Generator
from functools import lru_cache
from typing import Any

from nbjudge_worker.codec.specials import IN_PLACE, OPERATORS, ORDERS, SPECIALS
from nbjudge_worker.examiner.told import Candidate, Told

_KINDS: dict[str, type] = {
    "function": types.FunctionType,
    "generator": types.GeneratorType,
    "coroutine": types.CoroutineType,
    "async_generator": types.AsyncGeneratorType,
    "class": type,
}


_TO_PLAIN = frozenset(
    ("__abs__", "__bool__", "__int__", "__float__", "__complex__", "__index__", "__round__",
     "__trunc__", "__floor__", "__ceil__", "__neg__", "__pos__", "__invert__")
)  # fmt: skip
_DIVMOD = ("__divmod__", "__rdivmod__")
_LEAVING = ("__exit__", "__aexit__")
_CHANGING = frozenset({"__setitem__", "__delitem__", *IN_PLACE})
_LOCAL = frozenset(
    {"__class__", "_told", "__await__", "__slots__", "__del__", "__copy__", "__deepcopy__"}
)
_STEPS = frozenset({"send", "throw", "asend", "athrow"})
_GENERATORS = frozenset({"generator", "async_generator"})
_COROUTINE = frozenset({"send", "throw", "close"})


class Proxy:
    """One object of the student's. Attributes, calls and operators are the student's too."""

    __slots__ = ("__weakref__", "_told")
    _told: Told

    def __init__(self, told: Told) -> None:
        object.__setattr__(self, "_told", told)

    def __getattribute__(self, name: str) -> Any:
        told: Told = object.__getattribute__(self, "_told")
        if name == "__class__":
            if told.is_plain:
                return type(told.plain)
            return _KINDS.get(told.kind) or object.__getattribute__(self, "__class__")
        if name in _LOCAL or (told.kind == "coroutine" and name in _COROUTINE):
            return object.__getattribute__(self, name)
        if name == "__mro_entries__" and told.kind == "class":
            return lambda _: (told.candidate.stand_in(self),)
        found = told.candidate.ask("attr", told.number, name)
        if name in _STEPS and told.kind in _GENERATORS and is_proxy(found):
            told_of(found).steps = True
        return found

    def __setattr__(self, name: str, value: Any) -> None:
        told = told_of(self)
        told.candidate.ask("setattr", told.number, name, value)

    def __delattr__(self, name: str) -> None:
        told = told_of(self)
        told.candidate.ask("delattr", told.number, name)

    def __dir__(self) -> list[str]:
        return [str(name) for name in _ask(self, "dir")]

    def __eq__(self, other: object) -> bool:
        told = told_of(self)
        if told.is_plain and not is_proxy(other):
            return bool(told.content() == other)
        return is_proxy(other) and _ask(self, "eq", told_of(other).number) is True

    def __ne__(self, other: object) -> bool:
        told = told_of(self)
        if told.is_plain and not is_proxy(other):
            return bool(told.content() != other)
        return not is_proxy(other) or _ask(self, "ne", told_of(other).number) is True

    def __hash__(self) -> int:
        told = told_of(self)
        return hash(told.content()) if told.is_plain else hash(_ask(self, "hash"))

    def __str__(self) -> str:
        return _text(_ask(self, "str"))

    def __repr__(self) -> str:
        return _text(_ask(self, "repr"))

    def __format__(self, spec: str) -> str:
        return _text(_ask(self, "format", spec))

    def __copy__(self) -> Any:
        return _ask(self, "copy")

    def __deepcopy__(self, _known: Any) -> Any:
        return _ask(self, "deepcopy")

    def __instancecheck__(self, instance: object) -> bool:
        if isinstance(instance, BaseException):
            return False  # their own exceptions are no proxies, and only mirrors of them are caught
        return _ask(self, "isinstance", instance) is True

    def __subclasscheck__(self, subclass: object) -> bool:
        if BaseException in getattr(subclass, "__mro__", ()):
            return False
        return _ask(self, "issubclass", subclass) is True

    def __del__(self) -> None:
        told = object.__getattribute__(self, "_told")
        told.candidate.release(told.number)


def is_proxy(value: object) -> bool:
    """Tell whether the value is a proxy, whatever it says of its class."""
    return Proxy in type(value).__mro__


def told_of(proxy: Any) -> Told:
    """Return what is known here of a proxy, without asking the candidate."""
    told: Told = object.__getattribute__(proxy, "_told")
    return told


def class_of(value: Any) -> Any:
    """Return what `type(value)` says: of a student's object, the student's class."""
    return _ask(value, "attr", "__class__") if is_proxy(value) else type(value)


def new_proxy(candidate: Candidate, content: Any, base: type | None = None) -> Proxy:
    """Return the proxy of `[number, kind, name, special methods, family]`.

    `base` is the plain type of which its class is a subclass.
    """
    number, kind, name, specials, family = content
    told = Told(candidate, number, str(kind), str(name)[:200], str(family)[:200])
    return _class(frozenset(SPECIALS.intersection(specials)), told.kind == "coroutine", base)(told)


def _ask(proxy: Any, op: str, *arguments: Any) -> Any:
    told = told_of(proxy)
    return told.candidate.ask(op, told.number, *arguments)


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError(f"text was expected, not {type(value).__name__}")
    return value


@lru_cache(maxsize=256)
def _class(
    specials: frozenset[str],
    is_coroutine: bool,  # noqa: FBT001  # a key of the cache
    base: type | None,
) -> type[Proxy]:
    methods: dict[str, Any] = {name: _method(name) for name in specials}
    if base is not None:
        inherited = [name for name in SPECIALS.difference(specials) if hasattr(base, name)]
        methods |= {name: _inherited(name) for name in inherited}
    if is_coroutine:
        methods.update(__await__=_await, send=_send, throw=_throw, close=_close)
    return type("StudentsObject", (Proxy,), {"__slots__": (), **methods})


def _method(name: str) -> Callable[..., Any]:
    if name == "__call__":
        return _call
    if name in ORDERS:
        return _order(name)
    if name in OPERATORS or name in IN_PLACE:
        return _operator(name)
    if name in _LEAVING:
        return _leave(name)
    if name == "__contains__":
        return _contains

    def method(self: Proxy, *args: Any) -> Any:
        told = told_of(self)
        if told.mixed and name in _TO_PLAIN:
            raise TypeError(f"a {told.family} that was computed with plain data stays one")
        return _special(self, name, args)

    return method


def _inherited(name: str) -> Callable[..., Any]:
    """Return a special method of a plain type: what it reads is read here."""
    if name in _CHANGING:
        return lambda self, *args: _special(self, name, args)
    return lambda self, *args: getattr(told_of(self).content(), name)(*map(_plain_of, args))


def _plain_of(value: Any) -> Any:
    """Return the content of another instance of a student's subclass of a plain type."""
    told = told_of(value) if is_proxy(value) else None
    return told.content() if told is not None and told.is_plain else value


def _call(self: Proxy, /, *args: Any, **kwargs: Any) -> Any:
    told = told_of(self)
    given = [*args, *kwargs.values()]
    return told.candidate.ask("call", told.number, args, kwargs, given=given)


def _special(self: Proxy, name: str, args: tuple[Any, ...]) -> Any:
    told = told_of(self)
    return told.candidate.ask("special", told.number, name, args, given=list(args))


def _order(name: str) -> Callable[[Proxy, object], Any]:
    def order(self: Proxy, other: object) -> Any:
        if not is_proxy(other):
            told = told_of(self)
            if told.is_plain:
                return getattr(told.content(), name)(other)
            family = told.family
            raise TypeError(f"a {family} cannot be ordered with a {type(other).__name__}")
        return _special(self, name, (other,))

    return order


def _operator(name: str) -> Callable[..., Any]:
    def operator(self: Proxy, *others: Any) -> Any:
        told = told_of(self)
        mixed = not all(is_proxy(other) for other in others)
        if mixed and not told.candidate.knows_classes:
            raise TypeError(f"a {told.family} is no number")
        result = _special(self, name, others)
        mixed = mixed or told.mixed or any(is_proxy(o) and told_of(o).mixed for o in others)
        if not mixed or result is NotImplemented:
            return result
        parts = result if name in _DIVMOD and type(result) is tuple and result else (result,)
        if not all(map(is_proxy, parts)):
            raise TypeError(f"a {told.family} and a {type(others[0]).__name__} make no plain data")
        for part in parts:
            told_of(part).mixed = True
        return result

    return operator


def _contains(self: Proxy, item: object) -> Any:
    """Ask the object only in problems about classes: elsewhere its items are compared here."""
    if told_of(self).candidate.knows_classes or is_proxy(item):
        return _special(self, "__contains__", (item,))
    return any(part is item or part == item for part in self)  # type: ignore[attr-defined]  # or TypeError


def _leave(name: str) -> Callable[..., Any]:
    """Return what ends a `with`: the student's code may catch errors, but no failed assertion."""

    def leave(self: Proxy, *told: Any) -> Any:
        caught = _special(self, name, told)
        if not any(isinstance(part, AssertionError) for part in told):
            return caught
        return _not_caught(caught) if name == "__aexit__" else False

    return leave


async def _not_caught(leaving: Any) -> bool:
    await leaving
    return False


def _await(self: Proxy) -> Generator[None, None, Any]:
    return _ask(self, "await")
    yield  # makes this a generator, as await wants it


def _send(self: Proxy, _value: object = None) -> Any:
    raise StopIteration(_ask(self, "await"))


def _throw(_self: Proxy, error: Any, *_: object) -> Any:
    raise error


def _close(_self: Proxy) -> None:
    """Do nothing: the candidate ends its coroutines by itself."""
