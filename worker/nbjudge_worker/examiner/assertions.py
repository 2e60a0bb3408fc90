"""Asserts that explain themselves: what was expected, and what came.

A test's `assert a == b` becomes a call that evaluates both sides once and, when the comparison
fails, keeps how they look. Everything else about the test stays as its author wrote it.
"""

import ast
import difflib
import operator
import pprint
from collections.abc import Callable
from typing import Any

from nbjudge_course.checkers import Mismatch

from nbjudge_worker.examiner.expectations import approx
from nbjudge_worker.examiner.proxy import is_proxy, told_of

HELPER = "__nbjudge_compare__"
_MAX_TEXT = 2000
_MAX_LINES = 40

_OPERATORS: dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
    ast.Is: ("is", operator.is_),
    ast.IsNot: ("is not", operator.is_not),
    ast.In: ("in", lambda a, b: a in b),
    ast.NotIn: ("not in", lambda a, b: a not in b),
}
_BY_SIGN = dict(_OPERATORS.values())


def explaining(tree: ast.Module, source: str) -> ast.Module:
    """Return the test with its asserts rewritten."""
    rewritten: ast.Module = _Rewriter(source).visit(tree)
    return ast.fix_missing_locations(rewritten)


class _Rewriter(ast.NodeTransformer):
    def __init__(self, source: str) -> None:
        self._source = source

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        text = " ".join((ast.get_source_segment(self._source, node) or "").split())
        message = node.msg or ast.Constant(None)
        lazy = ast.Lambda(_no_arguments(), message)
        test = node.test
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            sign = _OPERATORS[type(test.ops[0])][0]
            swap = _is_answer(test.comparators[0]) and not _is_answer(test.left)
            parts = [test.left, test.comparators[0], ast.Constant(sign), ast.Constant(swap)]
        else:
            negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
            inner = test.operand if isinstance(test, ast.UnaryOp) and negated else test
            parts = [
                inner,
                ast.Constant(not negated),
                ast.Constant("truth"),
                ast.Constant(value=False),
            ]
        said = [ast.keyword("text", ast.Constant(text)), ast.keyword("message", lazy)]
        call = ast.Call(
            ast.Name(HELPER, ast.Load()), [*parts[:3]], [ast.keyword("swap", parts[3]), *said]
        )
        return ast.copy_location(ast.Expr(call), node)


def _no_arguments() -> ast.arguments:
    return ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])


def _is_answer(node: ast.expr) -> bool:
    """Tell whether a side of a comparison looks like what the student's code gave."""
    return any(isinstance(part, ast.Call) for part in ast.walk(node))


def compare(
    left: Any, right: Any, sign: str, *, swap: bool, text: str, message: Callable[[], Any]
) -> None:
    """Do what `assert left sign right, message` does. Raise Mismatch when it does not hold."""
    if sign == "truth":
        if bool(left) is right:
            return
        raise Mismatch(_said(message()) or text, str(right), shown(left))
    if _BY_SIGN[sign](left, right):
        return
    expected, got = (left, right) if swap else (right, left)
    if sign in ("==", "is"):
        raise Mismatch(_said(message()) or difference(expected, got), shown(expected), shown(got))
    raise Mismatch(_said(message()) or text, f"{sign} {shown(expected)}", shown(got))


def _said(message: Any) -> str:
    return "" if message is None else str(message)[:_MAX_TEXT]


def shown(value: Any) -> str:
    """Return how a value looks, bounded. Nothing that it does can raise from here."""
    try:
        text = repr(value)
        if len(text) > 100 and not is_proxy(value):
            text = pprint.pformat(value, width=88, compact=True, sort_dicts=False)
    except Exception as error:  # noqa: BLE001  # the student's own __repr__
        name = told_of(value).family if is_proxy(value) else type(value).__name__
        text = f"<{name}, whose repr raises {type(error).__name__}>"
    return text if len(text) <= _MAX_TEXT else f"{text[:_MAX_TEXT]} ... ({len(text):,} characters)"


def difference(expected: Any, got: Any) -> str:
    """Return in words where two values differ."""
    if isinstance(expected, approx):
        return f"the answer is {_short(got)}, and {_short(expected)} was expected"
    if type(expected) is not type(got) and not (_number(expected) and _number(got)):
        return f"the type is {_type(got)}, and {_type(expected)} was expected"
    for kinds, differ in _DIFFERENCES:
        if isinstance(expected, kinds):
            return differ(expected, got)
    return f"the answer is {_short(got)}, and {_short(expected)} was expected"


def _number(value: Any) -> bool:
    return isinstance(value, (int, float, complex)) and not isinstance(value, bool)


def _type(value: Any) -> str:
    return told_of(value).family if is_proxy(value) else type(value).__name__


def _short(value: Any) -> str:
    text = shown(value)
    return text if len(text) <= 120 else f"{text[:120]}..."


def _text_difference(expected: str, got: str) -> str:
    if "\n" in expected or "\n" in got:
        lines = difflib.unified_diff(
            expected.splitlines(), got.splitlines(), "expected", "got", lineterm="", n=2
        )
        return "\n".join(list(lines)[:_MAX_LINES]) or "the ends of the lines differ"
    place = next((n for n, (a, b) in enumerate(zip(expected, got, strict=False)) if a != b), None)
    if place is None:
        return f"the text has {len(got)} characters, and {len(expected)} were expected"
    came, wanted = got[place : place + 20], expected[place : place + 20]
    return f"from character {place} on the text is {came!r}, and {wanted!r} was expected"


def _sequence_difference(expected: Any, got: Any) -> str:
    pairs = enumerate(zip(expected, got, strict=False))
    place = next((n for n, (a, b) in pairs if not _equal(a, b)), None)
    if place is None:
        return f"there are {len(got)} items, and {len(expected)} were expected"
    return f"item {place} is {_short(got[place])}, and {_short(expected[place])} was expected"


def _dict_difference(expected: Any, got: Any) -> str:
    missing = [key for key in expected if key not in got]
    extra = [key for key in got if key not in expected]
    if missing:
        return f"the key {_short(missing[0])} is missing"
    if extra:
        return f"the key {_short(extra[0])} is too much"
    key = next((key for key in expected if not _equal(expected[key], got[key])), None)
    if key is None:
        return "the dictionaries differ"
    return f"under {_short(key)} is {_short(got[key])}, and {_short(expected[key])} was expected"


def _set_difference(expected: Any, got: Any) -> str:
    missing, extra = expected - got, got - expected
    parts = [f"missing: {_short(missing)}"] if missing else []
    return "; ".join([*parts, f"too much: {_short(extra)}"] if extra else parts)


def _equal(one: Any, other: Any) -> bool:
    try:
        return bool(one == other)
    except Exception:  # noqa: BLE001  # arrays have no single truth
        return False


_DIFFERENCES: tuple[tuple[tuple[type, ...], Callable[[Any, Any], str]], ...] = (
    ((str,), _text_difference),
    ((list, tuple), _sequence_difference),
    ((dict,), _dict_difference),
    ((set, frozenset), _set_difference),
)
