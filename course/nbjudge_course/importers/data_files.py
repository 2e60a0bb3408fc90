"""The files beside an assignment's notebook, for the working folder of students' code."""

import re
from pathlib import Path

from nbjudge_course.importers.assignment import Note

_NAME = re.compile(r"^\w[\w.-]*$")
_PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".svg"}
_OURS = {".ipynb", ".pyc", ".db", ".log", ".zip"}
_MAX_BYTES = 16 * 1024 * 1024


def data_files(notebook: Path) -> tuple[list[Path], list[Note]]:
    """Return the data files beside a notebook, and a note for everything that is left out."""
    files: list[Path] = []
    notes: list[Note] = []
    for path in sorted(notebook.parent.iterdir()):
        if path.name.startswith((".", "__")) or path.suffix in _OURS:
            continue
        why = _why_not(path)
        if why:
            notes.append(Note(f"{path.name} is not taken along: {why}"))
        else:
            files.append(path)
    return files, notes


def named_files(notebook: Path, names: object) -> tuple[list[Path], list[Note]]:
    """Return the files that an assignment names, beside its notebook, and a note for the others.

    The author keeps other things there too, which are not for students.
    """
    files: list[Path] = []
    notes: list[Note] = []
    for name in names if isinstance(names, list) else []:
        path = notebook.parent / str(name)
        why = _why_not(path) if path.exists() else "there is no such file"
        if why:
            notes.append(Note(f"{name} is not taken along: {why}"))
        else:
            files.append(path)
    return files, notes


def _why_not(path: Path) -> str:
    if path.is_dir():
        return "it is a folder; put files that students' code reads beside the notebook"
    if path.suffix.lower() in _PICTURES:
        return "it is a picture; put it where students open the notebook"
    if not _NAME.match(path.name):
        return "its name has characters other than letters, digits, `.`, `_` and `-`"
    if path.stat().st_size > _MAX_BYTES:
        return "it is larger than 16 MB"
    return ""
