"""JSON Schema of what authors write, made from the tables that the readers go by."""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from nbjudge_course.course_file import COURSE_FIELDS, LATE_FIELDS, SET_FIELDS
from nbjudge_course.front_matter import FIELDS, LIMITS
from nbjudge_course.languages import LANGUAGES
from nbjudge_course.notebook import WRONG_VERDICTS
from nbjudge_course.options import OPTIONS
from nbjudge_course.problem import Kind

Schema = dict[str, Any]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": "string", "minLength": 1}
_POINTS: Schema = {"type": "number", "minimum": 0, "exclusiveMaximum": 1e9}
_COUNT: Schema = {"type": "integer", "minimum": 1}
_QUANTITY: Schema = {"type": ["string", "number"]}
_RULE: Schema = {
    "anyOf": [
        _TEXT,
        {
            "type": "object",
            "properties": {"what": _TEXT, "message": _TEXT},
            "required": ["what"],
            "additionalProperties": False,
        },
    ]
}


def main(arguments: Sequence[str]) -> int:
    """Print the JSON Schema of what authors write: `nbjudge schema front-matter`."""
    parser = argparse.ArgumentParser(prog="nbjudge schema", description=main.__doc__)
    parser.add_argument("name", choices=sorted(SCHEMAS))
    name = parser.parse_args(arguments).name
    sys.stdout.write(json.dumps(SCHEMAS[name](), indent=2) + "\n")
    return 0


def front_matter_schema() -> Schema:
    """Return the schema of a problem's front matter, read as YAML."""
    kinds: Mapping[str, Schema] = {
        "id": {"type": "string", "pattern": "^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$"},
        "title": _TEXT,
        "points": _POINTS,
        "kind": {"enum": [kind.value for kind in Kind]},
        "languages": _one_or_many({"type": "string", "examples": list(LANGUAGES)}),
        "limits": _object(dict.fromkeys(LIMITS, _QUANTITY)),
        "libraries": _one_or_many(_TEXT),
        "files": _one_or_many(_TEXT),
        "forbid": _one_or_many(_RULE),
        "require": _one_or_many(_RULE),
    }
    described = {name: kinds[name] | {"description": text} for name, text in FIELDS.items()}
    return _root("The front matter of a problem", _object(described, ("id", "title")))


def options_schema() -> Schema:
    """Return the schema of the `#|` lines of one cell, as a table of names and values."""
    kinds: Mapping[str, Schema] = {
        "points": _POINTS,
        "hidden": {"type": ["boolean", "null"]},
        "verdict": {"enum": [status.value for status in WRONG_VERDICTS]},
        "language": {"type": "string", "examples": list(LANGUAGES)},
    }
    described = {
        name: kinds.get(name, _TEXT if kind.value else {"type": "null"})
        | {"description": kind.meaning}
        for name, kind in OPTIONS.items()
    }
    roles = [{"required": [name]} for name, kind in OPTIONS.items() if not kind.roles]
    needs = {
        name: {"anyOf": [{"required": [role.value]} for role in kind.roles]}
        for name, kind in OPTIONS.items()
        if kind.roles
    }
    schema = _object(described) | {"oneOf": roles, "dependentSchemas": needs}
    return _root("The options of a cell", schema)


def course_schema() -> Schema:
    """Return the schema of course.toml."""
    time: Schema = {"description": "A TOML date or time, local to the course without an offset."}
    top: Mapping[str, Schema] = {
        "title": _TEXT,
        "time_zone": _TEXT | {"default": "UTC"},
        "teachers": {"type": "array", "items": _TEXT, "minItems": 1},
        "attempts": _COUNT | {"description": "How often each problem may be submitted."},
        "late": _object({name: _LATE[name] for name in LATE_FIELDS}),
        "sets": {"type": "array", "minItems": 1},
    }
    of_set: Mapping[str, Schema] = {
        "title": _TEXT,
        "opens": time,
        "due": time,
        "attempts": _COUNT,
        "points": _POINTS | {"description": _SET_POINTS},
        "problems": {"type": "array", "items": _TEXT, "minItems": 1},
    }
    items = _object({name: of_set[name] for name in SET_FIELDS}, ("title", "problems"))
    schema = _object({name: top[name] for name in COURSE_FIELDS}, ("title", "sets"))
    schema["properties"]["sets"] = schema["properties"]["sets"] | {"items": items}
    return _root("course.toml", schema)


_SET_POINTS = "What the set counts in the course, however many points its problems have."

_LATE: Mapping[str, Schema] = {
    "accept": {
        "type": "string",
        "pattern": r"^\d+(\.\d+)?\s*(days?|hours?|minutes?)$",
        "description": "How long after the due time submissions are taken.",
    },
    "deduct": {
        "type": "string",
        "pattern": r"^\d+(\.\d+)?\s*%$",
        "description": "The share of the points that each day begun costs.",
    },
}

SCHEMAS: Mapping[str, Callable[[], Schema]] = MappingProxyType(
    {
        "front-matter": front_matter_schema,
        "options": options_schema,
        "course": course_schema,
    }
)


def _root(title: str, schema: Schema) -> Schema:
    return {"$schema": _DRAFT, "title": title, **schema}


def _object(properties: Mapping[str, Schema], required: Sequence[str] = ()) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(required),
        "additionalProperties": False,
    }


def _one_or_many(item: Schema) -> Schema:
    return {"anyOf": [item, {"type": "array", "items": item}]}
