"""One run of an importer: read everything, then write everything, and tell what was made."""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from nbjudge_course.errors import BadProblem, NbjudgeError, in_words
from nbjudge_course.importers.assignment import Assignment, encoded

REFUSED = 1
BAD_USAGE = 2


@dataclass(frozen=True)
class Found:
    """A notebook to import, with the notebooks that students handed in for it."""

    path: Path
    id: str
    submitted: tuple[tuple[str, Path], ...] = ()
    """Who handed it in, as the list of submissions calls it, and where it is."""
    folder: Path | None = None
    """The folder of the course, when it is one."""


class Importer(Protocol):
    """What one format brings."""

    name: str

    def find(self, path: Path, submitted: Path | None) -> list[Found]:
        """Return the notebooks to import. Raise BadProblem when there is none."""
        ...

    def translate(self, found: Found) -> Assignment:
        """Translate one notebook. Raise BadNotebook with all that is wrong with it."""
        ...

    def submission(self, found: Found, path: Path) -> str:
        """Return a student's notebook as the source to grade. Raise BadNotebook."""
        ...


@dataclass
class _Run:
    """What is to be written, and what was refused."""

    files: dict[Path, bytes] = field(default_factory=dict)
    reports: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    submissions: list[str] = field(default_factory=list)
    made: list[tuple[Found, Path]] = field(default_factory=list)


def run(importer: Importer, summary: str | None, arguments: Sequence[str]) -> int:
    """Import as the command line says. Return 0, or 1 when something was refused."""
    options = _parser(importer.name, summary).parse_args(arguments)
    done = _Run()
    try:
        for found in importer.find(options.path, options.submitted):
            _translate(importer, found, options.out, done)
        if options.submissions is not None:
            _read_submissions(importer, done)
            done.files[options.submissions] = "".join(done.submissions).encode()
        _write(done.files, keep=not options.force, anew=options.submissions)
    except (NbjudgeError, OSError) as error:
        sys.stderr.write(f"nbjudge import {importer.name}: {in_words(error)}\n")
        return REFUSED
    sys.stdout.write("".join(done.reports))
    for refusal in done.refusals:
        sys.stderr.write(f"nbjudge import {importer.name}: {refusal}\n")
    return REFUSED if done.refusals else 0


def notebooks_in(folder: Path) -> list[Path]:
    """Return the notebooks that stand in a folder, by name."""
    return sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))


def _translate(importer: Importer, found: Found, out: Path, done: _Run) -> None:
    try:
        assignment = importer.translate(found)
        if assignment.tests:
            path = out / f"{assignment.id}.ipynb"
            if path in done.files:
                raise BadProblem(f"{found.path}: another notebook becomes {path.name} too")
            done.files[path] = encoded(assignment)
            done.files |= {out / file.name: file.read_bytes() for file in assignment.files}
            done.made.append((found, path))
        done.reports.append(assignment.report())
    except BadProblem as error:
        done.refusals.append(str(error))


def _read_submissions(importer: Importer, done: _Run) -> None:
    for found, problem in done.made:
        for label, path in found.submitted:
            if not path.exists():
                done.reports.append(f"{label}: not handed in\n")
                continue
            try:
                source = importer.submission(found, path)
            except BadProblem as error:
                done.refusals.append(f"{label}: {error}")
                continue
            task = {"problem": str(problem), "source": source, "language": "python", "file": label}
            done.submissions.append(json.dumps(task, ensure_ascii=False) + "\n")


def _write(files: dict[Path, bytes], *, keep: bool, anew: Path | None) -> None:
    for path, content in files.items():
        if keep and path != anew and path.exists() and path.read_bytes() != content:
            raise BadProblem(f"{path} is there already; take another folder, or say --force")
    written = list(_beside(files))
    for path, beside in written:
        beside.replace(path)


def _beside(files: dict[Path, bytes]) -> Iterator[tuple[Path, Path]]:
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.{os.getpid()}")
        beside.write_bytes(content)
        yield path, beside


def _parser(name: str, summary: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"nbjudge import {name}", description=summary)
    parser.add_argument("path", type=Path, help="a notebook, an assignment's folder, or a course")
    parser.add_argument("out", type=Path, help="the folder for the problems")
    parser.add_argument(
        "--submissions", type=Path, metavar="FILE", help="list what was handed in, to grade it"
    )
    parser.add_argument(
        "--submitted", type=Path, metavar="FOLDER", help="where it is; else as the format has it"
    )
    parser.add_argument("--force", action="store_true", help="replace problems that are there")
    return parser
