"""What the service says of problems over HTTP, and how instructors make them live."""

import msgspec
from nbjudge_course.problem import Problem, Statement
from nbjudge_course.terms import Terms, terms_of

from nbjudge_grader_service.handlers import PROBLEM_ID, ServiceHandler
from nbjudge_grader_service.refusals import refused


class Publication(Terms, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an instructor sends to make a version of a problem live."""

    problem: Problem


class LiveVersion(Terms, frozen=True, kw_only=True):
    """What an instructor may see of the live version: all of it."""

    problem: Problem
    submissions: int
    """How many submissions are graded on this version."""


class Catalogue(msgspec.Struct, frozen=True):
    """The live problems."""

    problems: tuple[Statement, ...]


class Version(msgspec.Struct, frozen=True):
    """The digest of a published problem."""

    version: str


class ProblemsHandler(ServiceHandler):
    """All live problems."""

    async def get(self) -> None:
        """Return their statements."""
        self.answer(Catalogue(tuple(await self.service.problems.statements())))


class ProblemHandler(ServiceHandler):
    """One problem."""

    async def get(self, problem: str) -> None:
        """Return its statement."""
        statement = None
        if PROBLEM_ID.fullmatch(problem):
            statement = await self.service.problems.statement(problem)
        if statement is None:
            raise refused(404, "unknown_problem", f"there is no problem {problem[:80]!r} here")
        self.answer(statement)

    async def put(self, problem: str) -> None:
        """Make a version of it live; instructors only."""
        self.instructor_only()
        publication = self.body(Publication)
        if publication.problem.id != problem or not PROBLEM_ID.fullmatch(problem):
            raise refused(400, "bad_message", "the problem's id and the address differ")
        terms = terms_of(publication)
        opens_at, closes_at = terms.opens_at, terms.closes_at
        if opens_at is not None and closes_at is not None and closes_at <= opens_at:
            raise refused(400, "bad_message", "the problem would close before it opens")
        version = await self.service.problems.publish(publication.problem, terms)
        self.answer(Version(version))


class LiveVersionHandler(ServiceHandler):
    """The live version of a problem, for those who change it."""

    async def get(self, problem: str) -> None:
        """Return it with its tests; instructors only."""
        self.instructor_only()
        store = self.service.store
        statement = await store.statement(problem) if PROBLEM_ID.fullmatch(problem) else None
        whole = await store.problem(statement.version) if statement is not None else None
        if statement is None or whole is None:
            raise refused(404, "unknown_problem", f"there is no problem {problem[:80]!r} here")
        graded = await store.graded_on(statement.version)
        terms = msgspec.structs.asdict(terms_of(statement))
        self.answer(LiveVersion(problem=whole, submissions=graded, **terms))
