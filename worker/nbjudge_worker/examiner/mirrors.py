"""The student's classes of exceptions, mirrored, so that `except TheirError` works in a test."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from nbjudge_worker.codec import BadValue
from nbjudge_worker.codec.named import BY_NAME, exception_at

_MAX_MIRRORS = 256
_MAX_TEXT = 8000


class Mirror:
    """The mark of every mirrored class: what is special about it and its instances."""

    nbjudge_number: int

    def __str__(self) -> str:
        shown = self.__dict__.get("nbjudge_text")
        return shown if isinstance(shown, str) else BaseException.__str__(self)  # type: ignore[arg-type]  # every mirror is an exception

    def __getattr__(self, name: str) -> Any:
        ask = self.__dict__.get("nbjudge_ask")
        if ask is None or (name.startswith("__") and name.endswith("__")):
            raise AttributeError(name)
        return ask(name)


class Mirrors:
    """Makes and remembers the mirrors of one candidate."""

    def __init__(self, attribute: Callable[[int, str], Any]) -> None:
        self._attribute = attribute
        self._classes: dict[int, type] = {}

    def read_class(self, content: Any) -> type:
        """Return the mirror of `[number, name, bases]`, or what both sides have at its path."""
        number, name, bases, *path = content
        known = exception_at(path[0]) if path else None
        if known is not None:
            return known
        if number in self._classes:
            return self._classes[number]
        if len(self._classes) >= _MAX_MIRRORS or not isinstance(name, str):
            raise BadValue("too many classes of exceptions")
        self._classes[number] = mirror = _new_class(name[:200], bases, number)
        return mirror

    def read_exception(self, content: Any) -> BaseException:
        """Return the exception `[class, nearest builtin, args, text, traceback, number, ...]`.

        What follows is what else it holds, by name, and its cause.
        """
        kind, _nearest, args, text, trace, number, *more = content
        if not (isinstance(kind, type) and issubclass(kind, BaseException)):
            raise BadValue("an exception whose class is none")
        error = _instance(kind, list(args))
        attributes, cause = more or ({}, None)
        _add_to(error, attributes, cause)
        if isinstance(error, Mirror):
            error.__dict__["nbjudge_text"] = str(text)
            error.__dict__["nbjudge_ask"] = lambda name: self._attribute(number, name)
        error.__dict__["nbjudge_number"] = number
        error.__dict__["nbjudge_trace"] = str(trace)[-_MAX_TEXT:]
        return error


def trace_of(error: BaseException) -> str | None:
    """Return the student's traceback when the exception came from the candidate, else None."""
    return error.__dict__.get("nbjudge_trace")


def _new_class(name: str, bases: Any, number: int) -> type:
    known: tuple[type, ...] = tuple(
        b for b in bases if isinstance(b, type) and issubclass(b, BaseException)
    )
    known = known or (Exception,)
    marked = known if any(issubclass(base, Mirror) for base in known) else (Mirror, *known)
    content = {"nbjudge_number": number, "__module__": "__main__"}
    try:
        return type(name, marked, content)
    except TypeError:  # bases that cannot stand together here; the first is the best guess
        return type(name, marked[:2] if marked[0] is Mirror else marked[:1], content)


def _instance(kind: type[BaseException], args: list[Any]) -> BaseException:
    if kind not in BY_NAME.values() and not issubclass(kind, Mirror):
        return _bare_instance(kind, args)  # its constructor has been called over there
    try:
        return kind(*args)
    except Exception:  # noqa: BLE001  # UnicodeDecodeError and others want arguments of their own
        return _bare_instance(kind, args)


def _bare_instance(kind: type[BaseException], args: list[Any]) -> BaseException:
    try:
        builtin = next(base for base in kind.__mro__ if base.__module__ == "builtins")
        error: BaseException = builtin.__new__(kind)  # type: ignore[call-overload]  # of an exception
    except Exception:  # noqa: BLE001  # not even that: only what it is called is known
        error = Exception(f"{kind.__name__}: {args}")
    error.args = tuple(args)
    return error


def _add_to(error: BaseException, attributes: Any, cause: Any) -> None:
    """Let the exception hold what it held at the student's."""
    if isinstance(cause, BaseException):
        error.__cause__ = cause
    if isinstance(error, Mirror) or type(attributes) is not dict:
        return  # a mirror asks for what it is asked for
    for name, value in attributes.items():
        if type(name) is str and (not name.startswith("__") or name == "__notes__"):
            with suppress(Exception):  # what a builtin type does not let anybody set
                setattr(error, name, value)
