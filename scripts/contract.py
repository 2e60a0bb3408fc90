"""Writes the contract's TypeScript types from the JSON Schema of the messages of `nbjudge_course`.

`python scripts/contract.py` writes extension/src/contract.ts; with `--check` it only says whether
the file is fresh, by its exit code.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from nbjudge_course.outline import Outline
from nbjudge_course.problem import Statement
from nbjudge_course.standing import Standing
from nbjudge_course.submission import NewSubmission, Snapshot
from nbjudge_course.wire import Frame, Refusal

TARGET = Path(__file__).parents[1] / "extension" / "src" / "contract.ts"
HEAD = """\
/**
 * The messages between browser and service. Generated from nbjudge_course by
 * `make contract`: change the structs there, never this file.
 */
"""
SENT = {"NewSubmission"}
"""What the browser writes may leave out its defaults; what it reads always holds every field."""

WORDS = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean"}
WORDS["null"] = "null"

Schema = dict[str, Any]


def typescript() -> str:
    """Return the text of contract.ts."""
    messages = (NewSubmission, Snapshot, Statement, Outline, Standing, Refusal, Frame)
    roots, parts = msgspec.json.schema_components(messages)
    blocks = [_declaration(name, parts[name]) for name in sorted(parts)]
    blocks.append(f"export type Frame = {_type(roots[-1])};\n")
    return "\n".join([HEAD, *blocks])


def _declaration(name: str, schema: Schema) -> str:
    doc = _doc(schema.get("description", ""))
    if "properties" not in schema:
        return f"{doc}export type {name} = {_type(schema)};\n"
    fields = "".join(f"  {line};\n" for line in _fields(name, schema))
    return f"{doc}export interface {name} {{\n{fields}}}\n"


def _fields(name: str, schema: Schema) -> Iterator[str]:
    for field, kind in schema["properties"].items():
        optional = name in SENT and field not in schema.get("required", ())
        yield f"readonly {field}{'?' if optional else ''}: {_type(kind)}"


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "enum" in schema:
        return " | ".join(f"'{value}'" for value in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(_type(choice) for choice in schema["anyOf"])
    if schema["type"] == "array":
        return f"readonly ({_type(schema['items'])})[]"
    if schema["type"] == "object":
        return f"{{ readonly [key: string]: {_type(schema['additionalProperties'])} }}"
    return WORDS[schema["type"]]


def _doc(description: str) -> str:
    lines = [line.strip() for line in description.strip().splitlines()]
    if not lines:
        return ""
    if len(lines) == 1:
        return f"/** {lines[0]} */\n"
    body = "".join(f" * {line}".rstrip() + "\n" for line in lines)
    return f"/**\n{body} */\n"


def main(arguments: list[str]) -> int:
    """Write the file, or with `--check` return 1 when it is stale."""
    text = typescript()
    if "--check" in arguments:
        return int(not TARGET.exists() or TARGET.read_text("utf-8") != text)
    TARGET.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
