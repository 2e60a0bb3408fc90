"""Tests of Otter, as cells with saved outputs, as OK tests or as functions, made plain Python."""

import ast
import doctest
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nbjudge_course.importers.source import SourceCell, is_python, text_of, without_magics

SETUP = '''\
import contextlib
import io
import re
import sys


class Environment:
    """The student's names as Otter hands them to a test function."""

    def __getitem__(self, name):
        return getattr(student, name)


def shows(value, text):
    """Assert that a value is shown so, whatever version of NumPy shows it."""
    if type(value).__module__ == "numpy" and getattr(value, "shape", None) == ():
        value = value.item()
    shown = "" if value is None else repr(value)
    text = re.sub(r"^np\\.(True|False)_$|^np\\.\\w+\\((.*)\\)$", r"\\1\\2", text.strip())
    if text in ("True", "False"):
        assert value == (text == "True"), f"{shown}, and {text} was expected"
    assert shown.strip() == text, f"{shown}, and {text} was expected"


@contextlib.contextmanager
def prints(text):
    """Assert that what stands inside prints this text."""
    said, before = io.StringIO(), len(stdout())
    with contextlib.redirect_stdout(said):
        yield
    printed = stdout()[before:] + said.getvalue()
    assert printed.strip() == text.strip(), f"printed {printed!r}, and {text!r} was expected"
'''
"""What the tests below need; it stands in the problem's setup."""


class Untranslatable(Exception):  # it is no error of anybody's
    """A test cannot be said in plain Python; the message says why."""


@dataclass(frozen=True)
class Case:
    """One test case of a question."""

    source: str
    points: float | None = None
    hidden: bool = False
    hint: str = ""


_CONFIG = re.compile(
    r'^\s*("""|\'\'\')\s*# BEGIN TEST CONFIG\s*\n(?P<yaml>.*?)\n'
    r'\s*("""|\'\'\')\s*# END TEST CONFIG\s*\n?',
    re.DOTALL,
)
_HIDDEN = re.compile(r"^\s*#+\s*HIDDEN\s*\n", re.IGNORECASE)


def config_of(source: str) -> tuple[str, str, bool]:
    """Return the YAML of a test cell, its code, and whether it says `# HIDDEN`."""
    config = _CONFIG.match(source)
    text = config["yaml"] if config else ""
    rest = source[config.end() :] if config else source
    hidden = _HIDDEN.match(rest)
    return text, rest[hidden.end() :] if hidden else rest, hidden is not None


def of_cell(cell: SourceCell, code: str) -> str:
    """Return the test that a cell with its saved outputs is. Raise Untranslatable."""
    source = without_magics(code).strip()
    if not is_python(source):
        raise Untranslatable("it is not Python")
    if any(output.get("output_type") == "error" for output in cell.outputs):
        raise Untranslatable("an exception is its saved output; use `with raises(...)` in it")
    last = _last_expression(source)
    shown = _shown(cell)
    if last is not None and shown is None and not cell.has_run and isinstance(last, ast.Compare):
        raise Untranslatable("it has no saved output; run the notebook and save it")
    silent = last is None or source.endswith(";")
    test = source if silent or last is None else _showing(source, last, shown or "")
    printed = _printed(cell)
    if not printed:
        return test
    return f"with prints({printed!r}):\n{textwrap.indent(test, '    ')}"


def of_function(code: str) -> str:
    """Return the test that a function of the exception style is: its call with the names."""
    source = "\n".join(
        line for line in without_magics(code).split("\n") if not re.search(r"#\s*IGNORE\s*$", line)
    )
    if not is_python(source):
        raise Untranslatable("it is not Python")
    functions = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    if not functions:
        raise Untranslatable("it defines no test function")
    function = functions[-1]
    names = [argument.arg for argument in function.args.args]
    given = [f"{name}={'Environment()' if name == 'env' else name}" for name in names]
    return f"{source.strip()}\n\n{function.name}({', '.join(given)})"


def of_doctest(code: str) -> str:
    """Return the test that an OK case is: its `>>>` lines with what must come of each."""
    try:
        examples = doctest.DocTestParser().get_examples(code)
    except ValueError as error:
        raise Untranslatable(f"its `>>>` lines cannot be read: {error}") from error
    if not examples:
        raise Untranslatable("it has no `>>>` line")
    return "\n".join(_example(example) for example in examples)


def shares(points: Any, cases: Sequence[Case]) -> list[float]:  # noqa: ANN401  # any YAML
    """Return the points of each case, as Otter shares those of a question. Raise ValueError."""
    said = [case.points for case in cases]
    if isinstance(points, list):
        if len(points) != len(cases):
            raise ValueError(f"`points` lists {len(points)} numbers for {len(cases)} tests")
        return [float(share) for share in points]
    spent = sum(share for share in said if share is not None)
    silent = said.count(None)
    if points is None:
        if silent == len(said):
            return [1 / len(said)] * len(said)
        return [share or 0.0 for share in said]
    total = float(points)
    if spent > total or (not silent and spent != total):
        raise ValueError(f"`points: {total:g}`, but the tests have {spent:g}")
    return [(total - spent) / silent if share is None else share for share in said]


def _example(example: doctest.Example) -> str:
    source = example.source.rstrip("\n")
    if not is_python(source):
        raise Untranslatable(f"`{source}` is not Python")
    if example.exc_msg is not None:
        name, _, message = example.exc_msg.strip().partition(": ")
        name = name.rpartition(".")[2]
        return (
            f"with raises({name}, match={re.escape(message)!r}):\n{textwrap.indent(source, '    ')}"
        )
    last = _last_expression(source)
    if last is None:
        if not example.want:
            return source
        return f"with prints({example.want!r}):\n{textwrap.indent(source, '    ')}"
    if isinstance(last, ast.Call) and ast.unparse(last.func) == "print":
        return f"with prints({example.want!r}):\n{textwrap.indent(source, '    ')}"
    return _showing(source, last, example.want.rstrip("\n"))


def _last_expression(source: str) -> ast.expr | None:
    body = ast.parse(source).body
    return body[-1].value if body and isinstance(body[-1], ast.Expr) else None


def _showing(source: str, last: ast.expr, text: str) -> str:
    before = source.split("\n")[: last.lineno - 1]
    expression = ast.get_source_segment(source, last) or ast.unparse(last)
    head = source.split("\n")[last.lineno - 1].encode()[: last.col_offset].decode().rstrip(" (")
    begin = [*before, head.rstrip(";")] if head.strip() else before
    return "\n".join([*begin, f"shows(({expression}), {text!r})"])


def _shown(cell: SourceCell) -> str | None:
    for output in cell.outputs:
        if output.get("output_type") == "execute_result" and isinstance(output.get("data"), dict):
            return text_of(output["data"].get("text/plain"))
    return None


def _printed(cell: SourceCell) -> str:
    return "".join(
        text_of(output.get("text"))
        for output in cell.outputs
        if output.get("output_type") == "stream" and output.get("name") == "stdout"
    )
