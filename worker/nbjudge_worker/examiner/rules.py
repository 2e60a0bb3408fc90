"""Rules on the source itself: forbidden and required constructs of Python, or of JavaScript.

Parsing a student's source is work for a box of its own: there are sources that blow parsers up.
"""

import ast
from collections.abc import Callable, Iterator
from typing import Any

from nbjudge_worker.codec.source import compile_cell
from nbjudge_worker.examiner import javascript_rules

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

_CONSTRUCTS: dict[str, tuple[type[ast.AST], ...]] = {
    "for": (ast.For, ast.AsyncFor),
    "while": (ast.While,),
    "loop": _LOOPS,
    "comprehension": _COMPREHENSIONS,
    "lambda": (ast.Lambda,),
    "class": (ast.ClassDef,),
    "def": _FUNCTIONS,
    "function": _FUNCTIONS,
    "if": (ast.If, ast.IfExp),
    "try": (ast.Try,),
    "with": (ast.With, ast.AsyncWith),
    "import": (ast.Import, ast.ImportFrom),
    "yield": (ast.Yield, ast.YieldFrom),
    "generator": (ast.Yield, ast.YieldFrom, ast.GeneratorExp),
    "return": (ast.Return,),
    "global": (ast.Global,),
    "nonlocal": (ast.Nonlocal,),
    "assert": (ast.Assert,),
    "raise": (ast.Raise,),
    "del": (ast.Delete,),
    "break": (ast.Break,),
    "continue": (ast.Continue,),
    "slice": (ast.Slice,),
    "f-string": (ast.JoinedStr,),
    "decorator": (),
    "recursion": (),
}


def broken_rules(source: str, rules: list[dict[str, str]], language: str = "python") -> list[str]:
    """Return a message for each rule that is broken. Raise SyntaxError when it is no Python."""
    uses = _python(source) if language == "python" else javascript_rules.constructs(source)
    return [
        rule.get("message") or _message(rule)
        for rule in rules
        if uses(rule["what"].strip()) != (rule["demand"] == "require")
    ]


def _python(source: str) -> Callable[[str], bool]:
    _, plain = compile_cell(source)
    tree = ast.parse(plain)
    return lambda what: _uses(tree, what)


def _message(rule: dict[str, str]) -> str:
    what = rule["what"]
    return f"use {what}" if rule["demand"] == "require" else f"solve this without {what}"


def _uses(tree: ast.Module, what: str) -> bool:
    if what == "recursion":
        return _recursive(tree)
    if what == "decorator":
        return any(getattr(node, "decorator_list", None) for node in ast.walk(tree))
    if what in _CONSTRUCTS:
        return _any(tree, lambda node: isinstance(node, _CONSTRUCTS[what]))
    if what.startswith("import "):
        return what.removeprefix("import ").strip() in set(_imported(tree))
    if what.endswith("()"):
        return _any(tree, lambda node: isinstance(node, ast.Call) and _name(node.func) == what[:-2])
    return _any(tree, lambda node: _name(node) == what)


def _any(tree: ast.AST, holds: Callable[[ast.AST], bool]) -> bool:
    return any(holds(node) for node in ast.walk(tree))


def _name(node: Any) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else None


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield from (alias.name, alias.name.partition(".")[0])
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (node.module, node.module.partition(".")[0])


def _recursive(tree: ast.Module) -> bool:
    """Tell whether some function reaches itself through the calls of named functions."""
    functions = {node.name: node for node in ast.walk(tree) if isinstance(node, _FUNCTIONS)}
    calls = {
        name: {
            called
            for part in ast.walk(node)
            if isinstance(part, ast.Call) and (called := _name(part.func)) in functions
        }
        for name, node in functions.items()
    }
    return any(_reaches(name, name, calls) for name in functions)


def _reaches(start: str, goal: str, calls: dict[str, set[Any]]) -> bool:
    seen: set[str] = set()
    waiting = list(calls[start])
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            waiting.extend(calls[name])
    return False
