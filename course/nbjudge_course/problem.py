"""A problem as the grader needs it, and the statement of it that a student may see."""

import hashlib
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from nbjudge_course.terms import Terms

KIB = 1024
MIB = 1024 * KIB

ProblemId = Annotated[str, Meta(pattern=r"^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$")]
"""Lower-case letters, digits, dot, underscore and hyphen: `two-sum`. At most 64 characters."""

Points = Annotated[float, Meta(ge=0)]
Seconds = Annotated[float, Meta(gt=0, le=600)]


class Kind(StrEnum):
    """What a student hands in: names that tests call, or a program that is run."""

    FUNCTION = "function"
    PROGRAM = "program"


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a student's code may use. Each test, and loading the cell, has the two times anew."""

    cpu_seconds: Seconds = 2.0
    wall_seconds: Seconds = 6.0
    memory_bytes: Annotated[int, Meta(ge=16 * MIB)] = 256 * MIB
    processes: Annotated[int, Meta(ge=1, le=1024)] = 32
    """Processes and threads together."""
    output_bytes: Annotated[int, Meta(ge=0)] = 256 * KIB
    """Standard output and standard error together, over the whole submission."""
    file_bytes: Annotated[int, Meta(ge=0)] = 16 * MIB
    """All that is written to files."""


class Test(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One test cell: ordinary Python that runs in the examiner, worth some points."""

    __test__ = False  # not a test of pytest's

    name: str
    source: str
    points: Points = 1.0
    hidden: bool = False
    hint: str = ""
    """Shown when a hidden test fails, instead of what was expected."""
    line: int = 1
    """The line of the notebook's cell at which `source` begins, for messages to the author."""


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A demand on the source itself: `forbid` or `require` a name, a call or a construct."""

    demand: str
    """`forbid` or `require`."""
    what: str
    """A construct ("recursion", "for", "import numpy") or a called name ("sort()")."""
    message: str = ""


class File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A data file that stands in the working folder of the student's code."""

    name: Annotated[str, Meta(pattern=r"^[\w][\w.-]*$", max_length=128)]
    content: bytes


class GivenCell(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One cell of the notebook that a student is given."""

    kind: Literal["markdown", "code"]
    source: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that grading needs. It holds hidden tests, so it never travels to a student.

    The author's solutions are not part of it: they never leave the author's machine.
    """

    id: ProblemId
    title: str
    kind: Kind = Kind.FUNCTION
    languages: tuple[str, ...] = ("python",)
    limits: Limits = Limits()
    statement: str = ""
    """Markdown."""
    starter: dict[str, str] = {}
    """By language: the cell that the student begins with, without its `#| problem:` line."""
    shared: str = ""
    """Source that runs before the student's cell, in the same namespace."""
    setup: str = ""
    """Source that runs in the examiner before the tests: imports and helpers."""
    tests: tuple[Test, ...] = ()
    rules: tuple[Rule, ...] = ()
    files: tuple[File, ...] = ()
    libraries: tuple[str, ...] = ()
    """Modules to hold ready in the sandbox, such as numpy."""
    given: tuple[GivenCell, ...] = ()
    """The notebook that a student is given; none: it is made of statement, shared and starter."""

    @property
    def points(self) -> float:
        """The points of all tests together."""
        return sum(test.points for test in self.tests)

    @property
    def digest(self) -> str:
        """The name of this version: 32 hexadecimal digits over the whole content."""
        encoded = msgspec.json.encode(self, order="deterministic")
        return hashlib.sha256(encoded).hexdigest()[:32]


class Statement(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a student may see of a problem. It has no field for a test, so none can leak."""

    id: ProblemId
    title: str
    kind: Kind
    languages: tuple[str, ...]
    limits: Limits
    points: float
    tests: int
    """How many tests there are."""
    version: str
    """The digest of the problem."""
    statement: str = ""
    starter: dict[str, str] = {}  # noqa: RUF012  # msgspec copies it
    shared: str = ""


def statement_of(problem: Problem, terms: Terms = Terms()) -> Statement:  # noqa: B008 - frozen
    """Return what a student may see of the problem."""
    return Statement(
        id=problem.id,
        title=problem.title,
        kind=problem.kind,
        languages=problem.languages,
        limits=problem.limits,
        points=problem.points,
        tests=len(problem.tests),
        version=problem.digest,
        statement=problem.statement,
        starter=problem.starter,
        shared=problem.shared,
        **msgspec.structs.asdict(terms),
    )
