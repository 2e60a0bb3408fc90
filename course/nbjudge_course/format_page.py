"""The reference page of the format, made from its tables.

`python -m nbjudge_course.format_page > docs/reference/format.md` renews it.
"""

import sys
from collections.abc import Iterable, Iterator

from nbjudge_course.front_matter import FIELDS, LIMITS
from nbjudge_course.languages import LANGUAGES
from nbjudge_course.notebook import NOTE, WRONG_VERDICTS
from nbjudge_course.options import OPTIONS, comment_mark
from nbjudge_course.problem import Limits
from nbjudge_course.schema import course_schema

_HEAD = """\
# The problem format

<!-- Made by `python -m nbjudge_course.format_page`; change the tables in the code. -->

A problem is one notebook, as `.ipynb`, or for Jupytext as `.py` (percent) or `.md`. `nbjudge
schema front-matter`, `options` and `course` print the JSON Schema of what follows. What is not in
these tables is refused, with the cell, the line and the word that was probably meant.
"""
_OPTIONS = f"""\
A code cell says what it is in the lines at its top: `#| name: value`. In C, C++, Java,
JavaScript, Go and Rust the lines begin with `//|`. A line `#| more text`, indented by two or
more, goes on with the value above it. A cell has one role; a cell without one is the author's
own. A markdown cell is part of the statement, unless it begins with `{NOTE}`.

In a problem of several languages a cell is of the notebook's own language when its mark fits
that, else of the one language of the problem that its mark fits; where that leaves a choice, say
`#| language: r`.
"""


_COURSE = """\
## `course.toml`

Beside the problems; a set takes its late policy, and `attempts` unless it says its own, from the
course.
"""


def page() -> str:
    """Return the page as Markdown."""
    parts = [
        _HEAD,
        "## Front matter\n\nThe first cell is raw and holds YAML between two lines `---`.\n",
        _table(("field", "meaning"), ((f"`{name}`", text) for name, text in FIELDS.items())),
        "### Limits\n\nTimes are such as `2s` or `500ms`, sizes such as `256MB`.\n",
        _table(("limit", "default"), _limits()),
        "## Options of a cell\n\n" + _OPTIONS,
        _table(("option", "value", "in a cell with the role", "meaning"), _options()),
        "A wrong solution may be expected to get "
        + ", ".join(f"`{status}`" for status in WRONG_VERDICTS)
        + ". Of a partial verdict it is the cause, the first test that failed, that counts.\n",
        "## Languages\n",
        _table(("name", "language", "options begin with"), _languages()),
        _COURSE,
        _table(("field", "needed", "meaning"), _course()),
    ]
    return "\n".join(parts)


def _limits() -> Iterator[tuple[str, str]]:
    for word, name in LIMITS.items():
        default = getattr(Limits(), name)
        if name.endswith("_bytes"):
            told = f"{default >> 20}MB" if default >= 1 << 20 else f"{default >> 10}KB"
        else:
            told = f"{default:g}s" if name.endswith("_seconds") else str(default)
        yield f"`{word}`", told


def _options() -> Iterator[tuple[str, ...]]:
    for name, option in OPTIONS.items():
        yield f"`{name}`", option.value, ", ".join(option.roles), option.meaning


def _languages() -> Iterator[tuple[str, ...]]:
    for name, language in LANGUAGES.items():
        yield f"`{name}`", language.title, f"`{comment_mark(name)}|`"


def _course() -> Iterator[tuple[str, ...]]:
    schema = course_schema()
    tables = (
        ("", schema),
        ("late.", schema["properties"]["late"]),
        ("sets.", schema["properties"]["sets"]["items"]),
    )
    for prefix, table in tables:
        for name, field in table["properties"].items():
            needed = "yes" if name in table["required"] else ""
            yield f"`{prefix}{name}`", needed, field.get("description", "")


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    escaped = ([cell.replace("|", r"\|") for cell in cells] for cells in lines)
    return "".join("| " + " | ".join(cells) + " |\n" for cells in escaped)


if __name__ == "__main__":
    sys.stdout.write(page())
