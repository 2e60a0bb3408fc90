"""Publishing: sends problems to the service, and says what changes for students by it."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from nbjudge_course.course_file import COURSE_FILE, ProblemSet, read_course
from nbjudge_course.errors import NbjudgeError
from nbjudge_course.notebook import read_problem
from nbjudge_course.problem import Problem, Statement, statement_of
from nbjudge_course.service_client import DEFAULT_URL, Publication, ServiceClient

_TELLING = ("title", "kind", "languages", "limits", "points", "tests", "opens_at", "closes_at")
_TEXTS = ("statement", "starter", "shared")


def main(arguments: Sequence[str]) -> int:
    """Send problems to the service, those that changed: `nbjudge publish COURSE`."""
    options = _parser().parse_args(arguments)
    url = options.service or os.environ.get("NBJUDGE_SERVICE_URL") or DEFAULT_URL
    token = options.token or os.environ.get("NBJUDGE_TOKEN")
    token = token or os.environ.get("JUPYTERHUB_API_TOKEN") or ""
    try:
        publications = [p for path in options.paths for p in publications_of(path)]
        for line in publish(publications, ServiceClient(url, token), rehearsal=options.dry_run):
            sys.stdout.write(line + "\n")
    except NbjudgeError as error:
        sys.stderr.write(f"nbjudge publish: {error}\n")
        return 1
    return 0


def publications_of(path: Path) -> list[Publication]:
    """Read a problem's notebook, or all of a course, with the times of the course file.

    Raises BadProblem; then nothing of the course is to be published.
    """
    if path.is_dir() or path.name == COURSE_FILE:
        return [_publication(file, problems) for problems, file in read_course(path).notebooks()]
    if (path.parent / COURSE_FILE).is_file():
        for problems, file in read_course(path.parent).notebooks():
            if file.resolve() == path.resolve():
                return [_publication(path, problems)]
    return [_publication(path, None)]


def publish(
    publications: Sequence[Publication], service: ServiceClient, *, rehearsal: bool = False
) -> Iterator[str]:
    """Send what differs from what is live; yield a line for each problem once it is done.

    Raises Unavailable when the service does not take one.
    """
    live = service.live()
    for publication in publications:
        problem = publication.problem
        new = statement_of(problem, opens_at=publication.opens_at, closes_at=publication.closes_at)
        old = live.get(problem.id)
        if old is not None and difference(old, new) == "":
            yield f"{problem.id}: unchanged ({new.version[:8]})"
            continue
        if not rehearsal:
            service.publish(publication)
        if old is None:
            yield f"{problem.id}: new ({new.version[:8]}), {_size(problem)}"
        else:
            yield f"{problem.id}: {old.version[:8]} -> {new.version[:8]}: {difference(old, new)}"


def difference(old: Statement, new: Statement) -> str:
    """Return in words how two versions of a problem differ; empty when they do not."""
    told = [
        f"{name} {_shown(getattr(old, name))} -> {_shown(getattr(new, name))}"
        for name in _TELLING
        if getattr(old, name) != getattr(new, name)
    ]
    told += [name for name in _TEXTS if getattr(old, name) != getattr(new, name)]
    if old.version != new.version and not told:
        return "tests"
    return ", ".join(told)


def _publication(path: Path, problems: ProblemSet | None) -> Publication:
    problem = read_problem(path).problem
    if problems is None:
        return Publication(problem=problem)
    return Publication(problem=problem, opens_at=problems.opens_at, closes_at=problems.closes_at)


def _size(problem: Problem) -> str:
    return f"{len(problem.tests)} tests, {problem.points:g} points"


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return "changed" if value is not None and not isinstance(value, str | int) else str(value)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nbjudge publish", description=main.__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--service", help=f"address of the service (default {DEFAULT_URL})")
    parser.add_argument("--token", help="an instructor's token (default: $NBJUDGE_TOKEN)")
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")
    return parser
