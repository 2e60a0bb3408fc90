"""Asserts that explain themselves: what was expected, and what came.

A test's `assert a == b` becomes a call that evaluates both sides once and, when the comparison
fails, keeps how they look. Everything else about the test stays as its author wrote it.
"""

import ast
import builtins
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from nbjudge_course.checkers import Mismatch

from nbjudge_worker.examiner.differences import difference, shown

HELPER, BLOCK, NOTE = "__nbjudge_compare__", "__nbjudge_block__", "__nbjudge_note__"
BEGUN, THROUGH, WHOLE = range(3)
_MAX_TEXT = 2000
_MAX_NOTES = 4
_SIDES = 2
_NOT_NOTED = frozenset({*dir(builtins), "approx", "raises"})
_LIBRARIES = frozenset({"np", "numpy", "pd", "pandas", "math"})
_OF_TWO = frozenset({"array_equal", "array_equiv", "allclose", "isclose"})

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

    def visit_With(self, node: ast.With) -> Any:
        return self._whole(node)

    def visit_AsyncWith(self, node: ast.AsyncWith) -> Any:
        return self._whole(node)

    def _whole(self, node: ast.With | ast.AsyncWith) -> Any:
        """Ask after a block whether all the assertions in it have been reached."""
        end = max((n for n, part in enumerate(node.body, 1) if _is_assertion(part)), default=0)
        if not end:
            self.generic_visit(node)
            return node
        begin, through, whole = (
            ast.copy_location(_call(BLOCK, ast.Constant(node.lineno), ast.Constant(step)), node)
            for step in (BEGUN, THROUGH, WHOLE)
        )
        rest = node.body[end:]
        node.body = [*node.body[:end], through, *rest]
        self.generic_visit(node)
        return [begin, node, whole]

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        self.generic_visit(node)
        text = self._text(node)
        said = {"text": ast.Constant(text), "message": ast.Lambda(_no_arguments(), _message(node))}
        test = node.test
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            sign = _OPERATORS[type(test.ops[0])][0]
            parts = [test.left, test.comparators[0], ast.Constant(sign)]
            said["swap"] = ast.Constant(_is_swapped(*parts[:2]))
        else:
            negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
            inner = test.operand if isinstance(test, ast.UnaryOp) and negated else test
            inner, said["noted"], said["swap"] = self._noted(inner, may_be_pair=not negated)
            parts = [inner, ast.Constant(not negated), ast.Constant("truth")]
        return ast.copy_location(_call(HELPER, *parts, **said), node)

    def _noted(self, node: ast.expr, *, may_be_pair: bool) -> tuple[ast.expr, ast.expr, ast.expr]:
        """Return an expression that notes what its parts are, and what to tell of them."""
        pair = _pair(node) if may_be_pair else None
        chosen = pair or _calls(node)[:_MAX_NOTES]
        keys = {id(part): f"{part.lineno}:{part.col_offset}:{n}" for n, part in enumerate(chosen)}
        texts = [ast.Constant("" if pair else self._text(part)) for part in chosen]
        told = [ast.Constant(key) for key in keys.values()]
        swap = ast.Constant(_is_swapped(*pair) if pair else False)
        return _Noting(keys).visit(node), ast.Dict([*told], [*texts]), swap

    def _text(self, node: ast.AST) -> str:
        return " ".join((ast.get_source_segment(self._source, node) or "").split())


class _Noting(ast.NodeTransformer):
    """Puts calls that note a value around the chosen parts of an expression."""

    def __init__(self, keys: dict[int, str]) -> None:
        self._keys = keys

    def visit(self, node: ast.AST) -> Any:
        key = self._keys.get(id(node))
        inside = self.generic_visit(node)
        if key is None:
            return inside
        noting = _call(NOTE, ast.Constant(key), inside).value  # type: ignore[arg-type]  # an expression
        return ast.copy_location(noting, node)


def _message(node: ast.Assert) -> ast.expr:
    return node.msg or ast.Constant(None)


def _is_swapped(left: ast.expr, right: ast.expr) -> bool:
    """Tell whether the answer stands on the right."""
    return _is_answer(right) and not _is_answer(left)


def _pair(node: ast.expr) -> list[ast.expr] | None:
    """Return the two sides of what compares arrays or tables as a whole, else None."""
    if not isinstance(node, ast.Call):
        return None
    func = node.func
    name = _name(func)
    if name in _OF_TWO and len(node.args) > 1:
        return node.args[:2]
    if name == "equals" and isinstance(func, ast.Attribute) and len(node.args) == 1:
        return [func.value, node.args[0]]
    items = node.args[0] if node.args else getattr(func, "value", None)
    if name == "all" and isinstance(items, ast.Compare) and isinstance(items.ops[0], ast.Eq):
        return [items.left, items.comparators[0]] if len(items.ops) == 1 else None
    return None


def _calls(whole: ast.expr) -> list[ast.expr]:
    """Return the calls within an expression of what is the student's, as far as names tell."""
    calls = [part for part in ast.walk(whole) if isinstance(part, ast.Call) and part is not whole]
    return [call for call in calls if _is_theirs(call)]


def _is_theirs(call: ast.Call) -> bool:
    first: ast.AST = call.func
    while isinstance(first, ast.Attribute):
        first = first.value
    name = _name(first)
    return name != "" and name not in (_NOT_NOTED if first is call.func else _LIBRARIES)


def _name(func: ast.AST) -> str:
    return str(getattr(func, "attr", getattr(func, "id", "")))


def _call(helper: str, *args: ast.expr, **kwargs: ast.expr) -> ast.Expr:
    keywords = [ast.keyword(name, value) for name, value in kwargs.items()]
    return ast.Expr(ast.Call(ast.Name(helper, ast.Load()), list(args), keywords))


def _is_assertion(statement: ast.stmt) -> bool:
    """Tell whether something in a statement asserts, by what it is called."""
    names = (_name(part.func) for part in ast.walk(statement) if isinstance(part, ast.Call))
    return any(isinstance(part, ast.Assert) for part in ast.walk(statement)) or any(
        name.startswith(("assert", "check", "expect", "raises", "test", "verify")) for name in names
    )


def _no_arguments() -> ast.arguments:
    return ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])


def _is_answer(node: ast.expr) -> bool:
    """Tell whether a side of a comparison looks like what the student's code gave."""
    return any(isinstance(part, ast.Call) for part in ast.walk(node))


class Blocks:
    """The blocks of `with` that hold assertions.

    Whether all of them were reached is asked when the student's code was given an error there: it
    may have caught it, and the test would go on after the block.
    """

    def __init__(self, given: Callable[[], int]) -> None:
        self._given = given
        self._begun: dict[int, int] = {}

    def __call__(self, line: int, step: int) -> None:
        """Note that a block begins, is through with its assertions, or is left.

        Raises AssertionError.
        """
        if step == BEGUN:
            self._begun[line] = self._given()
        elif self._begun.pop(line, self._given()) < self._given() and step == WHOLE:
            raise AssertionError("the `with` caught an error, so not all of it was checked")


def note(key: str, value: Any) -> Any:
    """Remember what a part of an assertion is, for when it does not hold."""
    _noted[key] = value
    return value


_noted: dict[str, Any] = {}


def compare(
    left: Any,
    right: Any,
    sign: str,
    *,
    swap: bool,
    text: str,
    message: Callable[[], Any],
    noted: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Do what `assert left sign right, message` does. Raise Mismatch when it does not hold."""
    parts = [(noted[key], _noted.pop(key)) for key in noted if key in _noted]
    if sign == "truth":
        if bool(left) is not right:
            pair = [part for told, part in parts if not told]
            if len(pair) == _SIDES:
                raise _different(*(reversed(pair) if swap else pair), said=_said(message()))
            wheres = (f"where {told} is {shown(part)}" for told, part in parts if told)
            raise Mismatch(_said(message()) or "\n".join((text, *wheres)), str(right), shown(left))
        return
    if _BY_SIGN[sign](left, right):
        return
    got, expected = (right, left) if swap else (left, right)
    if sign in ("==", "is"):
        raise _different(got, expected, said=_said(message()))
    raise Mismatch(_said(message()) or text, f"{sign} {shown(expected)}", shown(got))


def _different(got: Any, expected: Any, *, said: str) -> Mismatch:
    return Mismatch(said or difference(expected, got), shown(expected), shown(got))


def _said(message: Any) -> str:
    return "" if message is None else str(message)[:_MAX_TEXT]
