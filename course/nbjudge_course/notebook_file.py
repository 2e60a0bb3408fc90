"""Problem notebooks that nbjudge writes itself: cells of text become a file of format 4.5."""

import json
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbjudge_course.notebook import read_problem

Cell = tuple[str, str]
"""Its kind, `raw`, `markdown` or `code`, and its source."""


def problem_id(*words: str) -> str:
    """Return an id made of the words: `ps1-problem-1`."""
    text = re.sub(r"[^a-z0-9._-]+", "-", "-".join(words).lower()).strip("-._")
    return text[:64].rstrip("-._") or "problem"


def new_notebook(cells: Iterable[Cell]) -> dict[str, Any]:
    """Return a notebook for a Python kernel, without outputs."""
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {
        "cells": [_cell(number, kind, source) for number, (kind, source) in enumerate(cells)],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def encoded_problem(notebook: dict[str, Any], name: str, files: Iterable[Path] = ()) -> bytes:
    """Return the content of `NAME.ipynb`, after it was read as `nbjudge publish` reads it.

    `files` stand beside it. Raises BadNotebook when it is no problem.
    """
    content = (json.dumps(notebook, indent=1, ensure_ascii=False) + "\n").encode()
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            (Path(folder) / file.name).write_bytes(file.read_bytes())
        path = Path(folder) / f"{name}.ipynb"
        path.write_bytes(content)
        read_problem(path)
    return content


def _cell(number: int, kind: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": f"cell-{number}",
        "metadata": {},
        "source": source.rstrip("\n").splitlines(keepends=True),
    }
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell
