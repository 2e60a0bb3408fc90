"""The handout of a problem: the notebook and the data files that a student is given."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from nbjudge_course.cells import NotebookCell
from nbjudge_course.options import Role, RoleCell, comment_mark
from nbjudge_course.problem import File, GivenCell, Problem

GIVEN = frozenset({Role.STARTER, Role.SHARED, Role.EXAMPLE})
"""The roles of cells that a student is given."""


class Handout(msgspec.Struct, frozen=True, kw_only=True):
    """What a student is given of a problem. It travels as JSON, files in base64."""

    problem: str
    version: str
    notebook: dict[str, Any]
    """Of format 4.5."""
    files: tuple[File, ...] = ()


def handout_of(problem: Problem) -> Handout:
    """Return what a student is given."""
    notebook = notebook_of(problem)
    version = problem.digest
    return Handout(problem=problem.id, version=version, notebook=notebook, files=problem.files)


def notebook_of(problem: Problem) -> dict[str, Any]:
    """Return the notebook, of format 4.5, that a student is given."""
    given = problem.given or tuple(_plainly(problem))
    cells = [_cell(problem, number, cell) for number, cell in enumerate(given)]
    return {
        "cells": cells,
        "metadata": {
            # Cells in other languages are submitted, not run, and few machines have their kernels.
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "nbjudge": {
                "problem": problem.id,
                "version": problem.digest,
                "released": sources_digest(cells),
            },
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def given_cells(
    problem: Problem, cells: Iterable[NotebookCell], roles: Mapping[int, RoleCell]
) -> Iterator[GivenCell]:
    """Yield what a student is given of an author's cells; `roles` go by the cells' numbers.

    The author's own notes must not be among the cells.
    """
    languages = {source: language for language, source in problem.starter.items()}
    for cell in cells:
        role = roles.get(cell.number)
        if cell.kind == "markdown":
            yield GivenCell(kind="markdown", source=cell.source)
        elif role is None or role.role not in GIVEN:
            continue
        elif role.role is Role.STARTER:
            language = languages.get(role.source, problem.languages[0])
            yield _starter(problem, language, role.source)
        elif role.role is Role.SHARED:
            yield GivenCell(kind="code", source=f"{role.mark}| shared\n{role.source}")
        else:
            yield GivenCell(kind="code", source=role.source)


def sources_digest(cells: Iterable[Mapping[str, Any]]) -> str:
    """Return the digest of what stands in the cells, whatever their outputs are."""
    sources = [
        [cell["cell_type"], "".join(cell["source"])]  # a text, or a list of lines
        for cell in cells
    ]
    return hashlib.sha256(json.dumps(sources).encode()).hexdigest()[:32]


def _plainly(problem: Problem) -> Iterator[GivenCell]:
    """Yield cells for a problem that says none, as those do that were published long ago."""
    yield GivenCell(kind="markdown", source=problem.statement)
    if problem.shared:
        mark = comment_mark(problem.languages[0])
        yield GivenCell(kind="code", source=f"{mark}| shared\n{problem.shared}")
    for language in problem.starter or {problem.languages[0]: ""}:
        yield _starter(problem, language, problem.starter.get(language, ""))


def _starter(problem: Problem, language: str, source: str) -> GivenCell:
    mark = comment_mark(language)
    head = f"{mark}| problem: {problem.id}\n"
    if language != "python":
        head += f"{mark}| language: {language}\n"
    return GivenCell(kind="code", source=head + source)


def _cell(problem: Problem, number: int, given: GivenCell) -> dict[str, Any]:
    id_ = hashlib.sha256(f"{problem.id} {number} {given.kind}".encode()).hexdigest()[:8]
    cell = {"cell_type": given.kind, "id": id_, "metadata": {}, "source": given.source}
    return cell | {"execution_count": None, "outputs": []} if given.kind == "code" else cell
