"""Mutants: wrong programs made of a right one by one small change each.

A test suite that lets a mutant pass would let a student pass who made that mistake. The changes are
the usual ones of mutation testing: comparisons, arithmetic, conditions, numbers off by one,
results and statements left out.
"""

import ast
import copy
import difflib
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.FloorDiv,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip


Change = Callable[[ast.Module], bool]
"""Changes a tree, and returns whether it did."""


@dataclass(frozen=True)
class Mutant:
    """A wrong program, and where it differs from the right one."""

    source: str
    line: int
    """Of the right program."""
    diff: str


def mutants(source: str, most: int) -> list[Mutant]:
    """Return at most so many mutants of a Python program, spread evenly over it.

    Those that compile to the same code as the right program are left out.
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    plain = ast.unparse(tree)
    seen = {_code(plain)}
    found = []
    for line, changed in _changed(tree):
        text = ast.unparse(ast.fix_missing_locations(changed))
        code = _code(text)
        if code is not None and code not in seen:
            seen.add(code)
            found.append(Mutant(text, line, _diff(plain, text)))
    found.sort(key=lambda mutant: mutant.line)
    if len(found) <= most:
        return found
    return [found[n * len(found) // most] for n in range(most)]


def _changed(tree: ast.Module) -> Iterator[tuple[int, ast.Module]]:
    """Yield copies of the tree with one change each, and its line."""
    spoken = _spoken(tree)
    for number, node in enumerate(ast.walk(tree)):
        for change in range(0 if node in spoken else len(_changes(node))):
            twin = copy.deepcopy(tree)
            place = next(n for i, n in enumerate(ast.walk(twin)) if i == number)
            if _changes(place)[change](twin):
                yield getattr(node, "lineno", 1), twin


def _spoken(tree: ast.Module) -> set[ast.AST]:
    """Return the parts that only speak to people: messages of exceptions, and annotations."""
    speaking: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            speaking += node.exc.args
        elif isinstance(node, (ast.arg, ast.AnnAssign)) and node.annotation is not None:
            speaking.append(node.annotation)
        elif isinstance(node, ast.FunctionDef) and node.returns is not None:
            speaking.append(node.returns)
    return {part for node in speaking for part in ast.walk(node)}


def _changes(node: ast.AST) -> list[Change]:
    """Return what can be changed about a node."""
    match node:
        case ast.Compare(ops=ops):
            changes = [_setter(ops, n, _COMPARISONS[type(op)]()) for n, op in enumerate(ops)]
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in _OPERATORS:
            changes = [_attribute(node, "op", _OPERATORS[type(op)]())]
        case ast.BoolOp(op=op):
            changes = [_attribute(node, "op", ast.Or() if isinstance(op, ast.And) else ast.And())]
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            changes = [_attribute(node, "test", ast.UnaryOp(ast.Not(), test))]
        case ast.Constant(value=value):
            changes = [_attribute(node, "value", other) for other in _other_values(value)]
        case ast.Return(value=value) if not _is_none(value):
            changes = [_attribute(node, "value", ast.Constant(None))]
        case _:
            changes = []
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.Break, ast.Continue)):
        changes.append(_left_out(node))
    return changes


def _setter(items: list[ast.cmpop], place: int, new: ast.cmpop) -> Change:
    def change(_: ast.Module) -> bool:
        items[place] = new
        return True

    return change


def _attribute(node: ast.AST, name: str, new: object) -> Change:
    def change(_: ast.Module) -> bool:
        setattr(node, name, new)
        return True

    return change


def _left_out(node: ast.stmt) -> Change:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return lambda _: False  # a docstring

    def change(tree: ast.Module) -> bool:
        for parent in ast.walk(tree):
            for name in ("body", "orelse", "finalbody"):
                block = getattr(parent, name, None)
                if isinstance(block, list) and node in block:
                    block[block.index(node)] = ast.Pass()
                    return True
        return False

    return change


def _other_values(value: object) -> list[object]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, (int, float)):
        return [value + 1, value - 1]
    if isinstance(value, str) and value:
        return [""]
    return []


def _is_none(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _code(source: str) -> tuple[object, ...] | None:
    """Return what the program compiles to, without places and docstrings; None if it does not."""
    try:
        return _parts(compile(source, "<mutant>", "exec", optimize=2))
    except (SyntaxError, ValueError, OverflowError):
        return None


def _parts(code: types.CodeType) -> tuple[object, ...]:
    constants = tuple(
        _parts(c) if isinstance(c, types.CodeType) else (type(c).__name__, repr(c))
        for c in code.co_consts
    )
    return (code.co_code, constants, code.co_names, code.co_varnames)


def _diff(before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)
    return "\n".join(line for line in lines if not line.startswith(("---", "+++")))
