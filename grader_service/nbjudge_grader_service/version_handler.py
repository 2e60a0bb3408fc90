"""The live version of a problem with its tests, for the instructors who change it."""

import msgspec
from nbjudge_course.problem import Problem
from nbjudge_course.terms import Terms, terms_of

from nbjudge_grader_service.handlers import PROBLEM_ID, ServiceHandler
from nbjudge_grader_service.refusals import refused


class LiveVersion(Terms, frozen=True, kw_only=True):
    """What an instructor may see of the live version: all of it."""

    problem: Problem
    submissions: int
    """How many submissions are graded on this version."""


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
