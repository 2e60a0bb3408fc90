"""Release: writes the notebooks that students work in, and never overwrites their work."""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from nbjudge_course.course_file import COURSE_FILE, read_course
from nbjudge_course.errors import BadProblem, NbjudgeError, in_words
from nbjudge_course.handout import GIVEN, Handout, handout_of, notebook_of, sources_digest
from nbjudge_course.notebook import ProblemNotebook, read_problem
from nbjudge_course.options import Role

_TELLING_CHARACTERS = 12
"""A line shorter than this says nothing that only a test or a solution would say."""


class Released(StrEnum):
    """What became of one file."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    KEPT = "kept, a student has worked in it"


def main(arguments: Sequence[str]) -> int:
    """Write the students' notebooks of a course into a folder: `nbjudge release COURSE OUT`."""
    options = _parser().parse_args(arguments)
    try:
        problems = [read_problem(path) for path in _notebooks(options.course)]
        for name, result in release(problems, options.out or options.to):
            sys.stdout.write(f"{name}: {result}\n")
    except (NbjudgeError, OSError) as error:
        sys.stderr.write(f"nbjudge release: {in_words(error)}\n")
        return 1
    return 0


def release(problems: Sequence[ProblemNotebook], out: Path) -> Iterator[tuple[str, Released]]:
    """Write the students' notebooks and data files; yield what became of each file.

    Raises BadProblem, before anything is written, when a student would be given a test's or
    a solution's text.
    """
    handouts = [(problem, handout_of(problem.problem)) for problem in problems]
    for problem, handout in handouts:
        leaked = leaks(problem, handout.notebook)
        if leaked:
            raise BadProblem(f"{problem.path.name}: students would see {'; '.join(leaked)}")
    for problem, handout in handouts:
        yield from lay_out(handout, out, problem.path.with_suffix(".ipynb").name)


def lay_out(handout: Handout, out: Path, name: str) -> Iterator[tuple[str, Released]]:
    """Write one problem's notebook under this name, and its data files, into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    yield name, _write(out / name, handout.notebook)
    for file in handout.files:
        yield file.name, _write_data(out / file.name, file.content)


def student_notebook(problem: ProblemNotebook) -> dict[str, Any]:
    """Return the notebook, of format 4.5, that a student is given."""
    return notebook_of(problem.problem)


def leaks(problem: ProblemNotebook, notebook: dict[str, Any]) -> list[str]:
    """Return what of tests and solutions a student could read in a released notebook.

    Lines of the starter and of shared cells are meant to be read. In text, an example may
    say what a public test says.
    """
    sources = [cell.source for cell in problem.roles.values() if cell.role in GIVEN]
    given = {line.strip() for source in sources for line in source.splitlines()}
    everything = "\n".join(cell["source"] for cell in notebook["cells"])
    code = "\n".join(c["source"] for c in notebook["cells"] if c["cell_type"] == "code")
    found = []
    for cell in problem.roles.values():
        if cell.role in {Role.SOLUTION, Role.WRONG, Role.SETUP}:
            texts, allowed = everything, given
        elif cell.role is Role.TEST:
            hidden = cell.get("hidden") in {"", "true"}
            texts, allowed = (everything, set()) if hidden else (code, given)
        else:
            continue
        lines = {line.strip() for line in texts.splitlines()}
        for line in cell.source.splitlines():
            text = line.strip()
            if cell.role is Role.TEST and not text.startswith("assert"):
                continue  # how an object is made may be said; what must come of it may not
            if text.startswith(("import ", "from ")):
                continue
            if len(text) >= _TELLING_CHARACTERS and text in lines and text not in allowed:
                found.append(f"`{text}` of cell {cell.number}, a {cell.role} cell")
    return found


def _write(path: Path, notebook: dict[str, Any]) -> Released:
    if path.exists():
        old = _untouched_version(path)
        if old is None:
            return Released.KEPT
        if old == notebook["metadata"]["nbjudge"]:
            return Released.UNCHANGED
    text = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    _replace(path, text.encode())
    return Released.WRITTEN


def _write_data(path: Path, content: bytes) -> Released:
    if path.exists():
        return Released.UNCHANGED if path.read_bytes() == content else Released.KEPT
    _replace(path, content)
    return Released.WRITTEN


def _untouched_version(path: Path) -> dict[str, Any] | None:
    """Return what a released notebook says of itself; None once anybody has changed a cell."""
    try:
        notebook = json.loads(path.read_bytes())
        about = notebook["metadata"]["nbjudge"]
        sources = sources_digest(notebook["cells"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return about if isinstance(about, dict) and about.get("released") == sources else None


def _replace(path: Path, content: bytes) -> None:
    """Write the whole file or nothing of it."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.write_bytes(content)
    beside.replace(path)


def _notebooks(course: Path) -> list[Path]:
    if course.is_dir() or course.name == COURSE_FILE:
        return [path for _, path in read_course(course).notebooks()]
    return [course]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nbjudge release", description=main.__doc__)
    parser.add_argument("course", type=Path, help="a course's folder, or one problem's notebook")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("out", type=Path, nargs="?", help="the folder to write into")
    where.add_argument("--to", type=Path, metavar="OUT", help="the same")
    return parser
