"""The outline of a course: its sets as the service tells them to students."""

import re
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from nbjudge_course.course_file import COURSE_FILE, Course, ProblemSet, notebook_of, read_course
from nbjudge_course.errors import BadProblem
from nbjudge_course.notebook import read_problem
from nbjudge_course.problem import ProblemId
from nbjudge_course.terms import Terms


class SetOutline(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A set of problems that open and are due together."""

    id: ProblemId
    title: str
    points: Annotated[float, Meta(ge=0)] | None = None
    """What the set counts in the course, however many points its problems have.

    None, in what is published: what its problems add up to; the service puts the sum here.
    """
    problems: tuple[ProblemId, ...] = ()
    """Ids, in order."""


class Outline(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The sets of a course, in order."""

    title: str = ""
    sets: tuple[SetOutline, ...] = ()


def outline_of(path: Path) -> Outline | None:
    """Return the outline of a course's folder or file, or of the course that a notebook is in.

    None when there is no course file. Raises BadCourse.
    """
    place = path if path.is_dir() or path.name == COURSE_FILE else path.parent
    if not (place / COURSE_FILE if place.is_dir() else place).is_file():
        return None
    course = read_course(place)
    taken: set[str] = set()
    sets = tuple(_set_outline(course, one, taken) for one in course.sets)
    return Outline(title=course.title, sets=sets)


def _set_outline(course: Course, problems: ProblemSet, taken: set[str]) -> SetOutline:
    terms = msgspec.structs.asdict(course.terms(problems))
    ids = tuple(_problem_id(notebook_of(course.folder, name)) for name in problems.problems)
    id_ = _free_id(problems.title, taken)
    return SetOutline(id=id_, title=problems.title, points=problems.points, problems=ids, **terms)


def _problem_id(notebook: Path) -> str:
    """Return the problem's id. Of a notebook that is still in the making its name is taken."""
    try:
        return read_problem(notebook).problem.id
    except BadProblem:
        return notebook.stem


def _free_id(title: str, taken: set[str]) -> str:
    """Return an id made of the title that no other set has."""
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:48].strip("-") or "set"
    number, id_ = 1, name
    while id_ in taken:
        number += 1
        id_ = f"{name}-{number}"
    taken.add(id_)
    return id_
