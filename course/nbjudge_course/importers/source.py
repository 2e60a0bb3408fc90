"""A notebook of another grader, with what such graders keep beside the text: metadata, outputs."""

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbjudge_course.cells import read_cells


@dataclass(frozen=True)
class SourceCell:
    """One cell with its metadata and its saved outputs."""

    number: int
    """The first cell is 1."""
    kind: str
    source: str
    metadata: dict[str, Any] = field(default_factory=dict)
    outputs: tuple[dict[str, Any], ...] = ()
    has_run: bool = False


@dataclass(frozen=True)
class SourceNotebook:
    """A notebook as another grader's author wrote it."""

    path: Path
    language: str
    cells: tuple[SourceCell, ...]
    metadata: dict[str, Any]


def read_source(path: Path) -> SourceNotebook:
    """Read a notebook. Raise BadNotebook that says why when it cannot be read."""
    notebook = read_cells(path)
    content = json.loads(path.read_bytes())
    cells = [
        _cell(plain.number, plain.kind, plain.source, raw)
        for plain, raw in zip(notebook.cells, content["cells"], strict=True)
    ]
    return SourceNotebook(path, notebook.language, tuple(cells), _mapping(content.get("metadata")))


def _cell(number: int, kind: str, source: str, raw: dict[str, Any]) -> SourceCell:
    outputs = raw.get("outputs")
    outputs = [o for o in outputs if isinstance(o, dict)] if isinstance(outputs, list) else []
    has_run = bool(outputs) or raw.get("execution_count") is not None
    return SourceCell(number, kind, source, _mapping(raw.get("metadata")), tuple(outputs), has_run)


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def text_of(value: object) -> str:
    """Return a text that the notebook format may also keep as a list of lines."""
    if isinstance(value, list):
        return "".join(str(line) for line in value)
    return value if isinstance(value, str) else ""


def imports_of(cells: Iterator[SourceCell] | list[SourceCell], used_by: str) -> list[str]:
    """Return the import statements of these cells that bind a name which the tests use."""
    used = {node.id for node in ast.walk(_parsed(used_by)) if isinstance(node, ast.Name)}
    found: dict[str, None] = {}
    for cell in cells:
        for node in _parsed(without_magics(cell.source)).body:
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                continue
            if isinstance(node, ast.ImportFrom) and node.level:
                continue
            for alias in node.names:
                bound = alias.asname or alias.name.partition(".")[0]
                if bound in used:
                    found[_import(node, alias)] = None
    return list(found)


def _import(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> str:
    if isinstance(node, ast.ImportFrom):
        return ast.unparse(ast.ImportFrom(node.module, [alias], 0))
    return ast.unparse(ast.Import([alias]))


def without_magics(source: str) -> str:
    """Return the source with magics and shell lines as comments, so that it is plain Python."""
    if is_python(source):
        return source
    lines = []
    for line in source.split("\n"):
        body = line.lstrip()
        indent = line[: len(line) - len(body)]
        magic = body.startswith(("%", "!", "?")) or (body.endswith("?") and not indent)
        lines.append(f"{indent}pass  # {body}" if magic else line)
    return "\n".join(lines)


def is_python(source: str) -> bool:
    """Return whether Python can compile a source."""
    try:
        compile(source, "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | ast.PyCF_ONLY_AST)
    except (SyntaxError, ValueError):
        return False
    return True


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError):
        return ast.Module([], [])
