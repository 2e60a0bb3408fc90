"""Whatever is asked in whatever order, SQLite answers as the fake does, and revisions only rise."""

import asyncio
import tempfile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbjudge_course.errors import AttemptsSpent, Conflict, NotFound
from nbjudge_course.problem import Problem
from nbjudge_course.submission import Submission
from nbjudge_course.terms import Terms
from nbjudge_course.verdict import Status, Verdict
from nbjudge_course.wire import Result
from nbjudge_grader_service.store import Accepted, FakeStore, Recorded, SqlStore, Withdrawn

PROBLEMS = [Problem(id=name, title=title) for name in ("a", "b") for title in ("One", "Two")]
STUDENTS = ("ada", "bob")
ids = st.integers(0, 5).map("{:032x}".format)


@st.composite
def submissions(draw):
    problem = draw(st.sampled_from(PROBLEMS))
    return Submission(
        id=draw(ids),
        student=draw(st.sampled_from(STUDENTS)),
        problem=problem.id,
        version=problem.digest,
        language="python",
        source=draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=3)),
        submitted_at=draw(st.sampled_from([0.0, 1.5, 2.5])),
    )


@st.composite
def results(draw):
    status = draw(st.sampled_from([Status.ACCEPTED, Status.INTERNAL_ERROR]))
    verdict = Verdict(status=status, cause=status, points=0, max_points=1)
    attempt = draw(st.integers(1, 2))
    return Result(submission=draw(ids), attempt=attempt, worker="w", verdict=verdict)


times = st.sampled_from([None, 1.0])
steps = st.one_of(
    st.tuples(st.just("accept"), submissions(), st.none() | ids, st.sampled_from([None, 2])),
    st.tuples(st.just("cancel"), st.sampled_from(STUDENTS), ids),
    st.tuples(st.just("record"), st.lists(results(), max_size=4)),
    st.tuples(st.just("retry"), ids),
    st.tuples(st.just("publish"), st.sampled_from(PROBLEMS), times, times),
)


async def ask(store, name, *arguments):
    if name != "accept":
        return await getattr(store, name)(*arguments)
    submission, replaces, attempts = arguments
    return await store.accept(submission, replaces=replaces, attempts=attempts)


def timeless(outcome):
    """Return it without the times, which differ, of course."""
    match outcome:
        case Recorded():
            return outcome.events, [one.status for one in outcome.graded]
        case Withdrawn():
            return outcome.submission, outcome.graded.status
        case Accepted():
            return outcome.snapshot, outcome.new, timeless(outcome.replaced)
        case _:
            return outcome


async def answer(store, step):
    """Do the step, and return what came of it and all that anybody can see afterwards."""
    name, *arguments = step
    if name == "publish":
        problem, opens_at, closes_at = arguments
        outcome = await store.publish(problem, Terms(opens_at=opens_at, closes_at=closes_at))
    else:
        try:
            outcome = timeless(await ask(store, name, *arguments))
        except (AttemptsSpent, Conflict, NotFound) as error:
            outcome = type(error)
    seen = [outcome, await store.statements(), await store.open_jobs(), await store.open_count()]
    seen.append([one.status for one in await store.graded_since(0)])
    for student in STUDENTS:
        seen.append(await store.snapshots(student))
        seen.append(await store.changes(student, 2))
        seen.append(await store.revision(student))
        seen.append(await store.recent(student, f"{0:032x}"))
    return seen


async def follow(path):
    with tempfile.TemporaryDirectory() as folder:
        real, fake = SqlStore.open(f"sqlite:///{folder}/nbjudge.db"), FakeStore()
        revisions = dict.fromkeys(STUDENTS, 0)
        for problem in PROBLEMS[:3]:
            for store in (real, fake):
                await store.publish(problem)
        for step in path:
            assert await answer(real, step) == await answer(fake, step)
            for student in STUDENTS:
                now = await real.revision(student)
                assert now >= revisions[student]
                revisions[student] = now
        await real.close()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(steps, max_size=25))
def test_the_database_answers_as_the_fake_does(path):
    asyncio.run(follow(path))
