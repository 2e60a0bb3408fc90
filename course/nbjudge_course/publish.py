"""Publishing in three steps, for the command and for other front ends: plan, show, apply."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbjudge_course.changes import alters_verdicts, changes, changes_of_terms
from nbjudge_course.course_file import COURSE_FILE, Course, ProblemSet, read_course
from nbjudge_course.errors import NbjudgeError
from nbjudge_course.local_service import service_for
from nbjudge_course.notebook import read_problem
from nbjudge_course.outline import outline_of
from nbjudge_course.problem import Problem, statement_of
from nbjudge_course.service_client import DEFAULT_URL, LiveVersion, Publication, ServiceClient
from nbjudge_course.terms import terms_of


@dataclass(frozen=True)
class PlannedChange:
    """One problem beside what is live of it."""

    publication: Publication
    live: LiveVersion | None
    """None when nothing is live, or when what is live is the same."""
    summary: str
    """One line: `two-sum: 1a2b3c4d -> 5e6f7a8b`."""
    details: tuple[str, ...] = ()
    needed: bool = True
    """Whether there is anything to send."""

    @property
    def alters_verdicts(self) -> bool:
        """Whether submissions were graded that might get another verdict on the new version."""
        if self.live is None or self.live.submissions == 0:
            return False
        return alters_verdicts(self.live.problem, self.publication.problem)


def main(arguments: Sequence[str]) -> int:
    """Send problems to the service, those that changed: `nbjudge publish COURSE`."""
    options = _parser().parse_args(arguments)
    try:
        publications = [p for path in options.paths for p in publications_of(path)]
        service = ServiceClient(*service_for(options.service, options.token))
        planned = plan(publications, service)
        sys.stdout.writelines(line + "\n" for line in shown(planned))
        if options.dry_run:
            return 0
        if not options.yes and not _agreed(planned):
            return 1
        apply(planned, service)
        for path in options.paths:
            tell_sets(path, service)
    except NbjudgeError as error:
        sys.stderr.write(f"nbjudge publish: {error}\n")
        return 1
    return 0


def publications_of(path: Path) -> list[Publication]:
    """Read a problem's notebook, or all of a course, with the terms of the course file.

    Raises BadProblem; then nothing of the course is to be published.
    """
    if path.is_dir() or path.name == COURSE_FILE:
        course = read_course(path)
        return [_publication(file, course, problems) for problems, file in course.notebooks()]
    if (path.parent / COURSE_FILE).is_file():
        course = read_course(path.parent)
        for problems, file in course.notebooks():
            if file.with_suffix("").resolve() == path.with_suffix("").resolve():
                return [_publication(path, course, problems)]
    return [Publication(problem=read_problem(path).problem)]


def plan(publications: Sequence[Publication], service: ServiceClient) -> list[PlannedChange]:
    """Hold what would be sent against what is live. Nothing is written. Raises Unavailable."""
    live = service.live()
    planned = []
    for publication in publications:
        problem = publication.problem
        old = live.get(problem.id)
        digest = problem.digest
        if old is None:
            summary = f"{problem.id}: new ({digest[:8]}), {_size(problem)}"
            planned.append(PlannedChange(publication, None, summary))
        elif old == statement_of(problem, terms_of(publication)):
            summary = f"{problem.id}: unchanged ({digest[:8]})"
            planned.append(PlannedChange(publication, None, summary, needed=False))
        else:
            planned.append(_change(publication, service.live_version(problem.id)))
    return planned


def shown(planned: Sequence[PlannedChange]) -> Iterator[str]:
    """Yield the lines that tell people of a plan."""
    for change in planned:
        yield change.summary
        for detail in change.details:
            yield f"  {detail}"
        if change.alters_verdicts and change.live is not None:
            count = change.live.submissions
            told = "1 submission was" if count == 1 else f"{count} submissions were"
            yield f"  {told} graded on the live version and might get another verdict on this one"


def apply(planned: Sequence[PlannedChange], service: ServiceClient) -> None:
    """Send what differs; the service drops the old versions at once. Raises Unavailable."""
    for change in planned:
        if change.needed:
            service.publish(change.publication)


def tell_sets(path: Path, service: ServiceClient) -> None:
    """Tell students the sets of the course that a path is, or is in, if it is in one.

    Raises BadCourse and Unavailable.
    """
    outline = outline_of(path)
    if outline is not None:
        service.publish_outline(outline)


def publish(
    publications: Sequence[Publication], service: ServiceClient, *, rehearsal: bool = False
) -> list[str]:
    """Plan, apply unless it is a rehearsal, and return the lines that tell what changes.

    For front ends that show a rehearsal and ask by themselves. Raises Unavailable.
    """
    planned = plan(publications, service)
    if not rehearsal:
        apply(planned, service)
    return list(shown(planned))


def _publication(path: Path, course: Course, problems: ProblemSet) -> Publication:
    terms = {name: getattr(course.terms(problems), name) for name in _TERMS}
    return Publication(problem=read_problem(path).problem, **terms)


_TERMS = tuple(name for name in Publication.__struct_fields__ if name != "problem")


def _change(publication: Publication, live: LiveVersion) -> PlannedChange:
    old, new = live.problem, publication.problem
    details = (*changes(old, new), *changes_of_terms(live, publication))
    versions = f"{old.digest[:8]} -> {new.digest[:8]}"
    if old.digest == new.digest:
        versions = f"the same version ({new.digest[:8]}), other terms"
    return PlannedChange(publication, live, f"{new.id}: {versions}", details)


def _agreed(planned: Sequence[PlannedChange]) -> bool:
    """Ask before past verdicts lose their ground; without a terminal the answer is no."""
    altering = [change for change in planned if change.alters_verdicts]
    if not altering:
        return True
    names = ", ".join(change.publication.problem.id for change in altering)
    if not sys.stdin.isatty():
        sys.stderr.write(
            f"nbjudge publish: nothing was sent, since past verdicts of {names} would stand "
            "against another version; say --yes if that is meant\n"
        )
        return False
    sys.stdout.write("Past verdicts stay as they are. Publish? [y/N] ")
    sys.stdout.flush()
    if sys.stdin.readline().strip().lower() in {"y", "yes"}:
        return True
    sys.stderr.write("nbjudge publish: nothing was sent\n")
    return False


def _size(problem: Problem) -> str:
    hidden = sum(test.hidden for test in problem.tests)
    return f"{len(problem.tests)} tests ({hidden} hidden), {problem.points:g} points"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="nbjudge publish", description=main.__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--service", help=f"address of the service (default {DEFAULT_URL})")
    parser.add_argument("--token", help="an instructor's token (default: $NBJUDGE_TOKEN)")
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")
    parser.add_argument(
        "--yes", action="store_true", help="do not ask before past verdicts lose their ground"
    )
    return parser
