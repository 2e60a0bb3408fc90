"""A test cell as code: its asserts explain themselves, and it is known which names it reads."""

import ast
import base64
import dis
import linecache
import marshal
import types
from typing import Any, NamedTuple

from nbjudge_worker.examiner.assertions import explaining


class CellCode(NamedTuple):
    """A compiled test."""

    code: types.CodeType
    reads: tuple[str, ...]
    """The global names that it reads and does not bind. Names of its own are nobody else's."""


def compiled(source: str, filename: str) -> CellCode:
    """Compile a test. Raise SyntaxError or ValueError."""
    remember(source, filename)
    tree = explaining(ast.parse(source, filename), source)
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code: types.CodeType = compile(tree, filename, "exec", flags, dont_inherit=True)
    return CellCode(code, _reads(code))


def dumped(test: CellCode) -> str:
    """Return a text from which a box of this machine can load the code."""
    return base64.b64encode(marshal.dumps(tuple(test))).decode("ascii")


def loaded(text: str) -> CellCode:
    """Return the code that was dumped."""
    return CellCode(*marshal.loads(base64.b64decode(text)))  # noqa: S302  # made by our own kind


def remember(source: str, filename: str) -> None:
    """Let tracebacks show the lines of the test."""
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)


def filename_of(test: dict[str, Any]) -> str:
    """Return what tracebacks call a test."""
    return f"<test {test['name']}>"


def _reads(code: types.CodeType) -> tuple[str, ...]:
    names: dict[str, set[str]] = {"LOAD": set(), "STORE": set()}
    for step in dis.get_instructions(code):
        action, _, of = step.opname.partition("_")
        if action in names and of in ("NAME", "GLOBAL"):
            names[action].add(step.argval)
    return tuple(sorted(names["LOAD"] - names["STORE"]))
