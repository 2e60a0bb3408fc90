"""The namespace in which tests run: their own names first, then Python's, then the student's.

Names of the student never hide a builtin or a name of the test: a cell that defines `len`, or
`expected`, changes nothing. `student.len` asks for it by purpose.
"""

import ast
import builtins
import re
from collections.abc import Iterable
from typing import Any

from nbjudge_worker.codec import BadValue
from nbjudge_worker.examiner.peer import Peer
from nbjudge_worker.examiner.proxy import class_of, is_proxy, told_of
from nbjudge_worker.examiner.subclassing import super_of

_ASKED = 32
"""How many names a test may ask for when it begins."""
_BUILTINS = frozenset(dir(builtins))
_DECLARATION = re.compile(
    r"^(?:export\s+)?(?:async\s+)?(?:function\s*\*?|class|const|let|var)\s+(\w+)", re.MULTILINE
)
"""What begins a name at the top level of JavaScript."""


class _TypeMeta(type):
    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return class_of(args[0]) if len(args) == 1 else type(*args, **kwargs)

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, type)

    def __eq__(cls, other: object) -> bool:
        return other is type or other is cls

    def __hash__(cls) -> int:
        return hash(type)


class StudentType(metaclass=_TypeMeta):
    """Python's `type`, which also knows the classes of the student's objects."""


_OWN_BUILTINS = {"type": StudentType, "super": super_of}


class Namespace(dict[str, Any]):
    """The globals of the tests. Names that the problem gives to the student live in the candidate.

    Rebinding or deleting one of those acts there, so that a test can ask "does f use g?".
    """

    def __init__(self, tools: dict[str, Any], theirs: Iterable[str]) -> None:
        super().__init__(tools)
        super().__setitem__("__name__", "__main__")
        super().__setitem__("__builtins__", {**vars(builtins), **_OWN_BUILTINS})
        self._theirs = frozenset(theirs)
        self._peer: Peer | None = None
        self._cache: dict[str, Any] = {}
        self._told: dict[str, Any] = {}
        self._told_at = 0

    def connect(self, peer: Peer) -> None:
        """Ask this candidate from now on."""
        self._peer = peer
        self._cache.clear()
        super().__setitem__("student", Student(self, peer))

    def begin(self, names: Iterable[str] = ()) -> None:
        """A test begins, which uses these names among others.

        What was printed before is none of its business, and nothing is remembered of the student's
        names. Functions and classes among them come at once, to be used before anything else
        happens: each question takes its time.
        """
        assert self._peer is not None
        self._cache.clear()
        asked = [name for name in names if not (name in self or self._hides(name))]
        self._told = _read_told(self._peer.ask("begin", asked[:_ASKED]))
        self._told_at = self._peer.requests

    def __missing__(self, name: str) -> Any:
        if self._peer is None or self._hides(name):
            raise KeyError(name)
        return self.lookup(name)

    def _hides(self, name: str) -> bool:
        return name.startswith("__") or (name in _BUILTINS and name not in self._theirs)

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self._theirs and self._peer is not None:
            self.bind(name, value)
        else:
            super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        if name in self._theirs and self._peer is not None:
            self.unbind(name)
        else:
            super().__delitem__(name)

    def lookup(self, name: str) -> Any:
        """Return what the student's cell calls so. Raise KeyError when it has no such name."""
        if name in self._cache:
            return self._cache[name]
        assert self._peer is not None
        if name in self._told and self._told_at == self._peer.requests:
            value, self._peer.took_part = self._told[name], True
        else:
            _, value, found, *_ = self._peer.ask_all("name", name)
            if found is not True:
                raise KeyError(name)
        if is_proxy(value) and told_of(value).kind in ("function", "class"):
            self._cache[name] = value
            self._peer.knows_classes |= told_of(value).kind == "class"
        return value

    def bind(self, name: str, value: Any) -> None:
        """Give the name a new value in the student's namespace."""
        assert self._peer is not None
        self._cache.pop(name, None)
        self._peer.ask("bind", name, value)

    def unbind(self, name: str) -> None:
        """Delete the name from the student's namespace."""
        assert self._peer is not None
        self._cache.pop(name, None)
        self._peer.ask("unbind", name)


class Student:
    """The student's namespace by purpose: `student.sum`, or `student.helper = fake`."""

    def __init__(self, namespace: Namespace, peer: Peer) -> None:
        object.__setattr__(self, "_namespace", namespace)
        object.__setattr__(self, "_peer", peer)

    def __getattr__(self, name: str) -> Any:
        try:
            return self._namespace.lookup(name)
        except KeyError:
            raise AttributeError(f"the cell does not define {name}") from None

    def __setattr__(self, name: str, value: Any) -> None:
        self._namespace.bind(name, value)

    def __delattr__(self, name: str) -> None:
        self._namespace.unbind(name)

    def __dir__(self) -> list[str]:
        return [str(name) for name in self._peer.ask("names")]


def _read_told(pairs: Any) -> dict[str, Any]:
    """Read the names that the candidate tells when a test begins. Raises BadValue."""
    try:
        return {name: value for name, value in pairs or () if type(name) is str}
    except (TypeError, ValueError) as error:
        raise BadValue("the names are no list of pairs") from error


def names_of(source: str) -> set[str]:
    """Return the names that the author's starter or shared code defines at its top level."""
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a starter may be a form to fill in, or JavaScript
        return set(_DECLARATION.findall(source))
    names: set[str] = set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names.update(target.id for target in targets if isinstance(target, ast.Name))
    return names
