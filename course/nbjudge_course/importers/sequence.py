"""The cells of a notebook as one source, in which `#| check: NAME` says where tests are run.

A cell that fails does not keep the next from running, as in a notebook that is run by a grader.
"""

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from nbjudge_course.importers.source import without_magics

FIRST_LINE = (
    "# The cells of a notebook, one after the other: each is run even when one above fails."
)
"""Keeps the `#|` lines of the cells apart from those at the top of a student's cell."""


@dataclass(frozen=True)
class Check:
    """The place in a notebook at which the tests of this name run."""

    name: str


def sequence(steps: Iterable[str | Check]) -> str:
    """Return the one source of these cells and checks, in their order."""
    lines = []
    for step in steps:
        if isinstance(step, Check):
            lines.append(f"#| check: {step.name}")
        else:
            lines += [f"#| cell\n{part}" for part in _parts(without_magics(step)) if part.strip()]
    return "\n".join([FIRST_LINE, *lines, ""])


def _parts(source: str) -> list[str]:
    """Split imports off, so that a library that is not there costs only what needs it."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return [source]
    lines = source.split("\n")
    parts: list[str] = []
    begin = 0
    for node in body:
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            break
        end = node.end_lineno or node.lineno
        if end <= begin:  # a second statement on one line
            continue
        parts.append("\n".join(lines[begin:end]))
        begin = end
    return [*parts, "\n".join(lines[begin:])]
