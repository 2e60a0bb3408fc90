"""The student's side of the line: calls, names and attributes, answered one after the other."""

import builtins
import copy
import importlib
import inspect
import io
import json
import os
import random
import re
import sys
import types
from collections import defaultdict, deque
from collections.abc import Callable
from enum import EnumType
from pathlib import Path
from typing import Any

from nbjudge_worker.candidate.cell import run_async
from nbjudge_worker.candidate.console import Console
from nbjudge_worker.candidate.handles import Handles
from nbjudge_worker.candidate.raised import described
from nbjudge_worker.candidate.sequence import Sequence
from nbjudge_worker.candidate.visitors import (
    Visitor,
    subclass,
    text_stream,
    traceback_here,
    visitor,
)
from nbjudge_worker.codec import BadValue, Decoder, Frames, Raw, dumps, read_attached
from nbjudge_worker.codec.line import Line
from nbjudge_worker.codec.named import BY_NAME
from nbjudge_worker.codec.plain import content_of
from nbjudge_worker.codec.reading import read_member

_MUTABLE = (list, dict, set, bytearray, deque, io.StringIO)
_BUILTINS = {name: getattr(builtins, name) for name in ("input", "print", "open")}
_CALLABLES = (types.FunctionType, type)
_LEAVES = frozenset({type(None), bool, int, float, str, bytes, complex})


class Answers:
    """Answers the examiner's requests on the namespace of the student's cell."""

    def __init__(
        self,
        frames: Frames,
        namespace: dict[str, Any],
        console: Console,
        sequence: Sequence | None = None,
    ) -> None:
        self._namespace = namespace
        self._console = console
        self._handles = Handles()
        self._process = os.getpid()
        references: dict[str, Callable[[Any], Any]] = {
            "o": self._handles.__getitem__,
            "V": lambda content: visitor(self._call_back, content),
            "T": lambda name: BY_NAME[name],
            "M": importlib.import_module,
            "B": _standard,
            "X": _exception,
            "io": text_stream,
            "tb": traceback_here,
            "e": self._member,
            "re": lambda content: re.compile(*content),
            "df": _default_dict,
            "@": lambda content: read_attached(content, frames),
        }
        self._frames = frames
        self._line = Line(frames, Decoder(references), self.answer)
        self._ops: dict[str, Callable[..., str]] = {
            "name": self._name,
            "call": self._call,
            "attr": self._attr,
            "special": self._special,
        }
        self._plain_ops: dict[str, Callable[..., Any]] = {
            "names": lambda: [name for name in namespace if isinstance(name, str)],
            "bind": namespace.__setitem__,
            "unbind": namespace.pop,
            "setattr": lambda number, name, value: setattr(self._handles[number], name, value),
            "delattr": lambda number, name: delattr(self._handles[number], name),
            "plain": lambda number: content_of(self._handles[number]),
            "dir": lambda number: dir(self._handles[number]),
            "str": lambda number: str(self._handles[number]),
            "repr": lambda number: repr(self._handles[number]),
            "format": lambda number, spec: format(self._handles[number], spec),
            "hash": lambda number: hash(self._handles[number]),
            "eq": lambda one, other: bool(self._handles[one] == self._handles[other]),
            "ne": lambda one, other: bool(self._handles[one] != self._handles[other]),
            "order": self._order,
            "isinstance": lambda kind, value: isinstance(value, self._handles[kind]),
            "issubclass": lambda kind, value: issubclass(value, self._handles[kind]),
            "isa": lambda number, kinds: isinstance(self._handles[number], kinds),
            "copy": lambda number: copy.copy(self._handles[number]),
            "deepcopy": lambda number: copy.deepcopy(self._handles[number]),
            "subclass": subclass,
            "super": lambda kind, value, name: getattr(super(kind, value), name),
            "signature": lambda number: str(inspect.signature(self._handles[number])),
            "await": lambda number: run_async(_awaited(self._handles[number])),
            "begin": self._begin,
            "stdout": console.printed,
            "feed": console.feed,
            "seed": _seed,
            "patch": _patch,
            "run_to": lambda check: sequence.run_to(check) if sequence else None,
            "stderr": console.complained,
            "read": lambda name: Path(name).read_bytes(),
            "write": lambda name, content: Path(name).write_bytes(content) and None,
            "exists": lambda name: Path(name).exists(),
        }

    def serve(self) -> None:
        """Answer until the examiner hangs up."""
        self._line.serve()

    def answer(self, request: list[Any]) -> str:
        """Do what the request asks and return the answer to send."""
        op, free, *arguments = request
        self._handles.release(free)
        try:
            if op in self._ops:
                text = self._ops[op](*arguments)
            else:
                text = self._value(self._plain_ops[op](*arguments))
        except BaseException as error:  # noqa: BLE001  # whatever a student's code raises is an answer
            text = self._raised(error)
        self._console.flush()
        if os.getpid() != self._process:
            os._exit(0)  # a fork of the student's came back here; only the original answers
        return text

    # ---- Requests whose answers are more than a value

    def _name(self, name: str) -> str:
        if name not in self._namespace:
            return '["v",null,false]'
        return f'["v",{self._dumps(self._namespace[name])},true]'

    def _call(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        return self._called(self._handles[number], args, kwargs)

    def _attr(self, number: int, name: str) -> str:
        return self._value(getattr(self._handles[number], name))

    def _special(self, number: int, name: str, args: tuple[Any, ...]) -> str:
        target = self._handles[number]
        return self._called(getattr(type(target), name), (target, *args), {}, skip=1)

    def _begin(self, names: list[str]) -> list[tuple[str, Any]]:
        """A test begins. Return those of the names that are functions or classes."""
        self._console.begin()
        known = ((name, self._namespace.get(name)) for name in names)
        return [(name, value) for name, value in known if isinstance(value, _CALLABLES)]

    def _called(
        self, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any], skip: int = 0
    ) -> str:
        given = [*args[skip:], *kwargs.values()]
        before = [self._mutable(value) for value in given]
        is_mutable = any(old is not None for old in before)
        try:
            result = function(*args, **kwargs)
        except BaseException as error:  # noqa: BLE001  # as in answer; arguments may have changed
            return self._raised(error, self._changes(given, before))
        if not is_mutable:
            return f'["v",{self._dumps(result)},[]]'
        same = next((n for n, v in enumerate(given) if v is result and before[n] is not None), None)
        changes = self._changes(given, before)
        if same is not None:
            return f'["s",{same},{changes}]'
        return f'["v",{self._dumps(result)},{changes}]'

    def _mutable(self, value: Any) -> Any:
        """Return how a value that a call can change looks before it, None for any other."""
        if type(value) in _LEAVES or isinstance(value, Visitor):
            return None
        if _is_array(value):
            return value.copy()
        return self._content(value) if isinstance(value, (*_MUTABLE, tuple)) else None

    def _changes(self, given: list[Any], before: list[Any]) -> str:
        changed = []
        for number, (value, old) in enumerate(zip(given, before, strict=True)):
            if old is None or (_is_array(value) and _same_array(value, old)):
                continue
            if _is_array(value) or self._content(value) != old:
                changed.append(f"[{number},{self._changed(value)}]")
        return f"[{','.join(changed)}]"

    def _member(self, content: Any) -> Any:
        """Return the student's own member of an enumeration that the test hands back."""
        member = read_member(content)
        kind = self._namespace.get(member.enumeration)
        return kind.__members__.get(member.name) if isinstance(kind, EnumType) else member

    def _changed(self, value: Any) -> str:
        return self._content(value) if isinstance(value, io.StringIO) else self._dumps(value)

    def _order(self, name: str, one: int, other: int) -> Any:
        return getattr(type(self._handles[one]), name)(self._handles[one], self._handles[other])

    # ---- Writing

    def _dumps(self, value: Any) -> str:
        return dumps(value, self._refer)

    def _content(self, value: Any) -> str:
        """Return the value as text that can be compared."""
        if isinstance(value, io.StringIO):
            return f'{{"io":{json.dumps(None if value.closed else _text_of(value))}}}'
        return dumps(value, lambda v: v.packed() if type(v) is Raw else self._refer(v))

    def _value(self, value: Any) -> str:
        return f'["v",{self._dumps(value)},[]]'

    def _raised(self, error: BaseException, changes: str = "[]") -> str:
        return f'["x",{self._dumps(error)},{changes}]'

    def _refer(self, value: Any) -> Any:
        if type(value) is Raw:
            return value.attached(self._frames)
        if isinstance(value, BaseException):
            return described(value, self._handles)
        return self._handles.refer(value)

    def _call_back(
        self, op: str, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        with self._line.turn:
            request = f'["{op}",{number},{self._dumps(args)},{self._dumps(kwargs)}]'
            message = self._line.ask(request)
        if message[0] == "x":
            raise message[1]
        return message[1]


def _is_array(value: Any) -> bool:
    numpy, pandas = sys.modules.get("numpy"), sys.modules.get("pandas")
    if numpy is not None and isinstance(value, numpy.ndarray):
        return True
    return pandas is not None and isinstance(value, (pandas.Series, pandas.DataFrame))


def _same_array(value: Any, old: Any) -> bool:
    """Tell whether an array or a table is as it was; bit for bit, as far as its type allows."""
    if hasattr(value, "equals"):
        return bool(value.equals(old)) and bool(value.axes[-1].equals(old.axes[-1]))
    if value.dtype.hasobject:
        return bool(value.shape == old.shape and value.tobytes() == old.tobytes())
    numpy = sys.modules["numpy"]
    return bool(value.shape == old.shape and numpy.array_equal(_bits(value), _bits(old)))


def _bits(value: Any) -> Any:
    """Return the bytes of an array as numbers, in as few as its size allows."""
    flat = sys.modules["numpy"].asarray(value).reshape(-1)
    return flat.view("u8" if flat.nbytes % 8 == 0 else "u1")


def _text_of(stream: io.StringIO) -> list[Any]:
    return [stream.getvalue(), stream.tell()]


async def _awaited(value: Any) -> Any:
    return await value


def _default_dict(content: Any) -> defaultdict[Any, Any]:
    factory, flat = content
    pairs = zip(flat[::2], flat[1::2], strict=True)
    return defaultdict(BY_NAME.get(factory), pairs)


def _seed(number: Any) -> None:
    random.seed(number)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(number % 2**32 if isinstance(number, int) else number)


def _patch(changed: dict[str, Any]) -> None:
    """Let builtins be what the test wants them to be, and all the others as they were."""
    for name, value in (_BUILTINS | changed).items():
        setattr(builtins, name, value)


def _standard(name: str) -> Any:
    """Return a function of the standard library that a test passes on, by its name."""
    module, _, path = name.partition(":")
    value: Any = importlib.import_module(module)
    for part in path.split("."):
        value = getattr(value, part)
    return value


def _exception(content: Any) -> BaseException:
    """Build an exception that the examiner sends: `[class, arguments]`."""
    kind, args = content
    if not (isinstance(kind, type) and issubclass(kind, BaseException)):
        raise BadValue("an exception whose class is none")
    try:
        return kind(*args)
    except Exception:  # noqa: BLE001  # a class with a constructor of its own
        error = kind.__new__(kind)
        error.args = tuple(args)
        return error
