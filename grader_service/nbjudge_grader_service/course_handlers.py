"""What the service says of the course over HTTP: its sets, who one is, and how far one is."""

import msgspec
from nbjudge_course.handout import handout_of
from nbjudge_course.outline import Outline, SetOutline
from nbjudge_course.problem import Statement
from nbjudge_course.standing import Standing

from nbjudge_grader_service.handlers import PROBLEM_ID, ServiceHandler
from nbjudge_grader_service.refusals import refused


class Standings(msgspec.Struct, frozen=True):
    """How far one student is, by problem; problems that were never tried are left out."""

    standings: tuple[Standing, ...]


class MeHandler(ServiceHandler):
    """Who is asking."""

    async def get(self) -> None:
        """Return the name, and whether it is an instructor's."""
        self.answer(self.account)


class StandingsHandler(ServiceHandler):
    """How far one is."""

    async def get(self) -> None:
        """Return one's best results and counted attempts."""
        self.answer(Standings(tuple(await self.service.store.standings(self.account.name))))


class SetsHandler(ServiceHandler):
    """The sets of the course."""

    async def get(self) -> None:
        """Return them with those of their problems that are live."""
        self.answer(await self._live(await self.service.store.outline()))

    async def put(self) -> None:
        """Make these the sets of the course; instructors only."""
        self.instructor_only()
        outline = self.body(Outline)
        ids = [one.id for one in outline.sets]
        named = [problem for one in outline.sets for problem in one.problems]
        if len(set(ids)) < len(ids) or len(set(named)) < len(named):
            raise refused(400, "bad_message", "a set, or a problem, is there twice")
        await self.service.store.put_outline(outline)
        self.answer(await self._live(outline))

    async def _live(self, outline: Outline) -> Outline:
        live = {one.id: one for one in await self.service.problems.statements()}
        return msgspec.structs.replace(outline, sets=tuple(_told(s, live) for s in outline.sets))


class HandoutHandler(ServiceHandler):
    """What a student is given of a problem."""

    async def get(self, problem: str) -> None:
        """Return the notebook and the data files."""
        statement = None
        if PROBLEM_ID.fullmatch(problem):
            statement = await self.service.problems.statement(problem)
        whole = await self.service.store.problem(statement.version) if statement else None
        if whole is None:
            raise refused(404, "unknown_problem", f"there is no problem {problem[:80]!r} here")
        self.answer(handout_of(whole))


def _told(one: SetOutline, live: dict[str, Statement]) -> SetOutline:
    problems = tuple(problem for problem in one.problems if problem in live)
    points = one.points
    if points is None:
        points = sum(live[problem].points for problem in problems)
    return msgspec.structs.replace(one, problems=problems, points=points)
