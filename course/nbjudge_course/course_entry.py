"""Entering a new problem in a course file: only the list of names changes, comments stay."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbjudge_course.course_file import read_course
from nbjudge_course.errors import BadProblem

_PROBLEMS = re.compile(r"^\s*problems\s*=\s*\[(?P<names>[^\]]*)\]", re.MULTILINE)


def enter_problem(course_file: Path, name: str) -> str:
    """Put a problem's name at the end of the last set, unless one has it; return that set's title.

    Raises BadProblem when the file is wrong, or is not written in the plain way that can be
    changed; then it stays as it is.
    """
    read_course(course_file)
    text = course_file.read_bytes().decode("utf-8")
    wanted = tomllib.loads(text)
    for one in wanted["sets"]:
        if name in one["problems"]:
            return str(one["title"])
    wanted["sets"][-1]["problems"].append(name)
    changed = next((c for c in _changed(text, name) if _parsed(c) == wanted), None)
    if changed is None:
        raise BadProblem("its last set does not end in a plain list of `problems`")
    course_file.write_bytes(changed.encode("utf-8"))
    return str(wanted["sets"][-1]["title"])


def _changed(text: str, name: str) -> Iterator[str]:
    """Yield the text with the name in its last list, after a comma that is there or is new."""
    lists = list(_PROBLEMS.finditer(text))
    for found in lists[-1:]:
        names = found["names"]
        written = names.rstrip()
        room = names[len(written) :]
        lined = "\n" in room
        before = room + "    " if lined else " "
        for comma in ("", ","):
            new = f'{written}{comma}{before}"{name}"{"," if lined else ""}{room}'
            yield f"{text[: found.start('names')]}{new}{text[found.end('names') :]}"


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
