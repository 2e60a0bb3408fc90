"""One suite for the store: the fake, SQLite and PostgreSQL keep the same promises."""

import asyncio
import time

import msgspec
import pytest
from nbjudge_course.errors import AttemptsSpent, Conflict, NotFound, Unavailable
from nbjudge_course.outline import Outline, SetOutline
from nbjudge_course.problem import Problem, statement_of
from nbjudge_course.submission import State
from nbjudge_course.terms import Terms
from nbjudge_course.verdict import Status
from nbjudge_course.wire import ChangedEvent, Job
from nbjudge_grader_service.store import FakeStore, Recorded, SqlStore


@pytest.fixture(params=["fake", "sqlite", "postgresql"])
async def store(request, tmp_path):
    if request.param == "fake":
        opened = FakeStore()
    elif request.param == "sqlite":
        opened = SqlStore.open(f"sqlite:///{tmp_path}/nbjudge.db")
    else:
        opened = SqlStore.open(request.getfixturevalue("new_postgres_url")())
    yield opened
    await opened.close()


@pytest.fixture
async def live(store, problem):
    """Give the store with the problem published."""
    await store.publish(problem)
    return store


# ---- accepting
async def test_an_accepted_submission_is_queued(live, new):
    accepted = await live.accept(new(1))

    assert accepted.new
    snapshot = accepted.snapshot
    assert (snapshot.id, snapshot.problem, snapshot.title) == (f"{1:032x}", "two-sum", "Two sum")
    assert (snapshot.state, snapshot.verdict) == (State.QUEUED, None)
    assert (snapshot.revision, snapshot.number, snapshot.attempt) == (1, 1, 1)
    assert (snapshot.language, snapshot.submitted_at) == ("python", 1001.0)
    assert await live.snapshot("ada", snapshot.id) == snapshot
    assert await live.snapshots("ada") == [snapshot]


async def test_a_repeated_submission_is_the_same_one(live, new):
    first = await live.accept(new(1))

    again = await live.accept(new(1, submitted_at=5000.0))

    assert not again.new
    assert again.snapshot == first.snapshot
    assert await live.revision("ada") == 1


async def test_a_submission_may_be_repeated_after_its_problem_changed(live, new, problem):
    first = await live.accept(new(1))
    changed = msgspec.structs.replace(problem, title="Sum")
    await live.publish(changed)

    again = await live.accept(new(1, version=changed.digest))

    assert (again.new, again.snapshot.title) == (False, "Two sum")
    assert again.snapshot == first.snapshot


@pytest.mark.parametrize(
    "other", [{"student": "bob"}, {"source": "pass"}, {"language": "c"}, {"problem": "other"}]
)
async def test_an_id_cannot_be_used_for_another_submission(live, new, other):
    first = await live.accept(new(1))

    with pytest.raises(Conflict):
        await live.accept(new(1, **other))

    assert await live.snapshots("bob") == []
    assert await live.snapshots("ada") == [first.snapshot]


@pytest.mark.parametrize("other", [{"version": "f" * 32}, {"problem": "other"}])
async def test_a_version_that_was_never_published_is_not_accepted(live, new, other):
    with pytest.raises(NotFound):
        await live.accept(new(1, **other))

    assert await live.revision("ada") == 0


async def test_the_same_submission_sent_many_times_at_once_is_accepted_once(live, new):
    accepted = await asyncio.gather(*(live.accept(new(1)) for _ in range(20)))

    assert [one.new for one in accepted].count(True) == 1
    assert {one.snapshot for one in map(_hashable, accepted)} == {_hashable(accepted[0]).snapshot}


def _hashable(accepted):
    return msgspec.structs.replace(accepted, snapshot=msgspec.json.encode(accepted.snapshot))


async def test_many_at_once_are_all_accepted_and_a_refused_one_harms_no_neighbour(live, new):
    wanted = [new(n, f"student{n % 9}") for n in range(200)]
    wanted[50] = new(50, version="f" * 32)

    answers = await asyncio.gather(*map(live.accept, wanted), return_exceptions=True)

    assert isinstance(answers.pop(50), NotFound)
    assert {one.snapshot.id for one in answers} == {f"{n:032x}" for n in range(200) if n != 50}
    for student in range(9):
        mine = await live.changes(f"student{student}", 0)
        assert [one.revision for one in mine] == list(range(1, len(mine) + 1))
        assert sorted(one.number for one in mine) == list(range(1, len(mine) + 1))


async def test_a_source_comes_back_as_it_was_sent(live, new):
    source = "print('\0')\r\n\t# \U0001f600 é e\u0301 \x1b \ufeff\n\n"
    await live.accept(new(1, source=source))

    assert (await live.open_jobs())[0].submission.source == source


async def test_numbers_count_a_students_submissions_to_one_problem(live, new):
    other = Problem(id="other", title="Other")
    await live.publish(other)
    to_other = {"problem": other.id, "version": other.digest}

    wanted = [new(1), new(2), new(3, **to_other), new(4, "bob"), new(5)]
    accepted = [await live.accept(submission) for submission in wanted]

    assert [one.snapshot.number for one in accepted] == [1, 2, 1, 1, 3]
    assert [one.snapshot.revision for one in accepted] == [1, 2, 3, 1, 4]


async def test_admission_sees_what_is_open_and_which_ids_are_taken(live, new, result):
    for number in (1, 2, 3):
        await live.accept(new(number))
    await live.record([result(1)])

    mine = await live.recent("ada", f"{1:032x}")
    theirs = await live.recent("bob", f"{2:032x}")
    fresh = await live.recent("ada", f"{9:032x}")

    assert (mine.open, mine.id_taken) == (2, True)
    assert (theirs.open, theirs.id_taken) == (0, True)
    assert (fresh.open, fresh.id_taken) == (2, False)


async def test_a_submission_that_is_to_be_replaced_is_not_counted_as_open(live, new):
    for number in (1, 2, 3):
        await live.accept(new(number))

    assert (await live.recent("ada", f"{9:032x}", f"{2:032x}")).open == 2
    assert (await live.recent("ada", f"{9:032x}", f"{8:032x}")).open == 3


# ---- giving up
async def test_a_submission_that_is_taken_back_is_cancelled_at_once(live, new, result):
    await live.accept(new(1))

    withdrawn = await live.cancel("ada", f"{1:032x}")

    snapshot = await live.snapshot("ada", f"{1:032x}")
    assert (snapshot.state, snapshot.revision) == (State.DONE, 2)
    assert (snapshot.verdict.status, snapshot.verdict.max_points) == (Status.CANCELLED, 1)
    assert (withdrawn.submission, withdrawn.graded.status) == (snapshot.id, Status.CANCELLED)
    assert await live.open_jobs() == []
    assert await live.graded_count(0) == 0
    assert (await live.record([result(1)])).graded == []
    assert await live.snapshot("ada", snapshot.id) == snapshot


async def test_a_verdict_is_not_taken_back_nor_what_is_anothers_or_nobodys(live, new, result):
    await live.accept(new(1))
    await live.accept(new(2))
    await live.record([result(1)])

    assert await live.cancel("ada", f"{1:032x}") is None
    assert await live.cancel("bob", f"{2:032x}") is None
    assert await live.cancel("ada", f"{9:032x}") is None
    assert await live.revision("ada") == 3
    assert [one.state for one in await live.snapshots("ada")] == [State.QUEUED, State.DONE]


async def test_the_verdict_and_the_wish_to_cancel_at_once_make_one_verdict(live, new, result):
    for number in range(1, 31):
        await live.accept(new(number))

    wishes = [live.cancel("ada", f"{number:032x}") for number in range(1, 31)]
    verdicts = [live.record([result(number)]) for number in range(1, 31)]
    outcomes = await asyncio.gather(*(one for pair in zip(wishes, verdicts) for one in pair))

    for withdrawn, recorded in zip(outcomes[::2], outcomes[1::2], strict=True):
        assert (withdrawn is None) == (len(recorded.graded) == 1)
    mine = await live.changes("ada", 30)
    assert [one.revision for one in mine] == list(range(31, 61))
    assert await live.revision("ada") == 60


async def test_a_newer_submission_replaces_one_without_a_verdict(live, new):
    await live.accept(new(1), attempts=1)

    accepted = await live.accept(new(2), attempts=1, replaces=f"{1:032x}")

    old, fresh = await live.changes("ada", 1)
    assert (accepted.replaced.submission, accepted.snapshot) == (old.id, fresh)
    assert (old.revision, fresh.revision, fresh.number) == (2, 3, 2)
    assert old.verdict.status is Status.CANCELLED
    assert "newer submission" in old.verdict.message
    assert await live.accept(new(2), attempts=1, replaces=f"{1:032x}") == msgspec.structs.replace(
        accepted, new=False, replaced=None
    )


async def test_what_cannot_be_replaced_is_passed_over(live, new, result):
    other = Problem(id="other", title="Other")
    await live.publish(other)
    await live.accept(new(1))
    await live.accept(new(2, "bob"))
    await live.accept(new(3, problem=other.id, version=other.digest))
    await live.record([result(1)])

    for number, replaces in enumerate((1, 2, 3, 99), start=10):
        accepted = await live.accept(new(number), replaces=f"{replaces:032x}")
        assert accepted.new
        assert accepted.replaced is None

    assert (await live.snapshot("ada", f"{1:032x}")).verdict.status is Status.ACCEPTED
    assert len(await live.open_jobs()) == 6


async def test_one_that_was_in_time_is_not_replaced_by_one_that_is_late(live, new):
    await live.accept(new(1))

    late = await live.accept(new(2), deduction=0.25, replaces=f"{1:032x}")
    later = await live.accept(new(3), deduction=0.25, replaces=f"{2:032x}")

    assert late.replaced is None
    assert later.replaced.submission == f"{2:032x}"
    assert [job.submission.id for job in await live.open_jobs()] == [f"{1:032x}", f"{3:032x}"]


async def test_a_refused_replacement_leaves_the_earlier_one(live, new):
    await live.accept(new(1), attempts=2)
    await live.accept(new(2), attempts=2)
    before = await live.snapshots("ada")

    with pytest.raises(NotFound):
        await live.accept(new(3, version="f" * 32), attempts=2, replaces=f"{1:032x}")
    with pytest.raises(AttemptsSpent):
        await live.accept(new(3), attempts=1, replaces=f"{1:032x}")

    assert await live.snapshots("ada") == before


# ---- looking
async def test_nobody_sees_anothers_submission(live, new):
    await live.accept(new(1))

    assert await live.snapshot("bob", f"{1:032x}") is None
    assert await live.snapshots("bob") == []
    assert await live.changes("bob", 0) == []
    assert await live.revision("bob") == 0


async def test_the_newest_submissions_come_first(live, new):
    for number in (1, 3, 2):
        await live.accept(new(number))

    assert _numbers(await live.snapshots("ada")) == [3, 2, 1]
    assert _numbers(await live.snapshots("ada", limit=2)) == [3, 2]


async def test_submissions_of_one_instant_come_in_the_order_of_their_acceptance(live, new):
    for number in (2, 3, 1):
        await live.accept(new(number, submitted_at=7.0))

    assert _numbers(await live.snapshots("ada")) == [1, 3, 2]


async def test_submissions_can_be_asked_for_by_problem(live, new):
    other = Problem(id="other", title="Other")
    await live.publish(other)
    await live.accept(new(1))
    await live.accept(new(2, problem=other.id, version=other.digest))

    assert _numbers(await live.snapshots("ada", problem="other")) == [2]
    assert _numbers(await live.snapshots("ada", problem="nothing")) == []


async def test_changes_come_by_revision_and_hold_the_newest_state_only(live, new, result):
    for number in (1, 2, 3):
        await live.accept(new(number))
    await live.record([result(1)])

    assert [(one.revision, int(one.id, 16)) for one in await live.changes("ada", 0)] == [
        (2, 2),
        (3, 3),
        (4, 1),
    ]
    assert _numbers(await live.changes("ada", 3)) == [1]
    assert _numbers(await live.changes("ada", 0, limit=2)) == [2, 3]
    assert await live.changes("ada", 4) == []
    assert await live.revision("ada") == 4


async def test_the_standing_is_that_of_all_submissions(live, new, result):
    for number in (1, 2, 3, 4):
        await live.accept(new(number))
    await live.accept(new(5, "bob"))
    await live.record([result(1, Status.ACCEPTED), result(2, Status.WRONG_ANSWER)])
    await live.record([result(3, Status.INTERNAL_ERROR)])

    (standing,) = await live.standings("ada")

    assert (standing.problem, standing.status, standing.points) == ("two-sum", "accepted", 1)
    assert standing.attempts == 3
    assert await live.standings("carl") == []


async def test_the_sets_are_those_that_were_put_last(live):
    assert await live.outline() == Outline()
    first = Outline(title="C", sets=(SetOutline(id="s", title="S", problems=("two-sum",)),))
    await live.put_outline(first)
    await live.put_outline(first)
    assert await live.outline() == first
    await live.put_outline(Outline(title="D"))
    assert await live.outline() == Outline(title="D")


# ---- verdicts
async def test_a_recorded_verdict_ends_a_submission(live, new, result):
    await live.accept(new(1))

    rung = (await live.record([result(1, Status.WRONG_ANSWER)])).events

    assert rung == [ChangedEvent(student="ada", revision=2)]
    snapshot = await live.snapshot("ada", f"{1:032x}")
    assert (snapshot.state, snapshot.revision) == (State.DONE, 2)
    assert snapshot.verdict == result(1, Status.WRONG_ANSWER).verdict
    assert await live.open_jobs() == []


async def test_the_first_verdict_wins(live, new, result):
    await live.accept(new(1))
    await live.record([result(1, Status.ACCEPTED), result(1, Status.RUNTIME_ERROR)])

    await live.record([result(1, Status.WRONG_ANSWER)])

    snapshot = await live.snapshot("ada", f"{1:032x}")
    assert (snapshot.verdict.status, snapshot.revision) == (Status.ACCEPTED, 2)


async def test_of_many_verdicts_at_once_one_is_written(live, new, result):
    await live.accept(new(1))

    await asyncio.gather(*(live.record([result(1, status)]) for status in Status))

    assert await live.revision("ada") == 2


async def test_whoever_records_again_after_a_crash_still_rings(live, new, result):
    await live.accept(new(1))
    first = await live.record([result(1)])

    again = await live.record([result(1)])

    assert (again.events, again.graded) == (first.events, [])


async def test_a_batch_rings_each_student_once(live, new, result):
    for number, student in enumerate(["bob", "ada", "bob"], start=1):
        await live.accept(new(number, student))

    rung = (await live.record([result(1), result(2), result(3)])).events

    assert rung == [
        ChangedEvent(student="ada", revision=2),
        ChangedEvent(student="bob", revision=4),
    ]
    assert [one.revision for one in await live.changes("bob", 0)] == [3, 4]


@pytest.mark.parametrize("attempt", [0, 2])
async def test_a_result_of_another_attempt_is_ignored(live, new, result, attempt):
    await live.accept(new(1))

    assert await live.record([result(1, attempt=attempt)]) == Recorded([], [])
    assert await live.revision("ada") == 1


async def test_a_result_of_an_unknown_submission_is_ignored(live, new, result):
    await live.accept(new(1))

    rung = (await live.record([result(8), result(1)])).events

    assert rung == [ChangedEvent(student="ada", revision=2)]
    assert await live.record([]) == Recorded([], [])


async def test_what_was_graded_is_told_once_with_how_long_it_took(live, new, result):
    began = time.time()
    await live.accept(new(1, submitted_at=began - 40))
    await live.accept(new(2, submitted_at=began))

    first = await live.record([result(1, Status.WRONG_ANSWER), result(1), result(2)])

    assert [one.status for one in first.graded] == [Status.WRONG_ANSWER, Status.ACCEPTED]
    assert [began <= one.at <= time.time() for one in first.graded] == [True, True]
    assert first.graded[0].waited_seconds == pytest.approx(first.graded[0].at - (began - 40))
    assert (await live.record([result(1), result(2)])).graded == []


async def test_the_verdicts_since_a_time_are_told_newest_first(live, new, result):
    for number in (1, 2, 3):
        await live.accept(new(number))
    assert (await live.open_count(), await live.graded_since(0)) == (3, [])
    told = [(await live.record([result(number)])).graded[0] for number in (2, 1)]

    assert await live.open_count() == 1
    assert await live.graded_since(0) == [told[1], told[0]]
    assert await live.graded_since(0, limit=1) == [told[1]]
    assert await live.graded_since(told[0].at) == [told[1]]
    assert await live.graded_since(told[1].at) == []


async def test_a_cancelled_submission_has_no_waiting_time(live, new, result):
    await live.accept(new(1))

    (one,) = (await live.record([result(1, Status.CANCELLED)])).graded

    assert (one.status, one.waited_seconds) == (Status.CANCELLED, None)
    assert await live.graded_since(0) == [one]


async def test_a_verdict_that_was_taken_back_is_told_again_without_a_waiting_time(
    live, new, result
):
    await live.accept(new(1))
    await live.record([result(1, Status.INTERNAL_ERROR)])
    await live.retry(f"{1:032x}")
    assert (await live.open_count(), await live.graded_since(0)) == (1, [])

    (again,) = (await live.record([result(1, attempt=2)])).graded

    assert (again.status, again.waited_seconds) == (Status.ACCEPTED, None)
    assert await live.graded_since(0) == [again]


# ---- jobs
async def test_open_jobs_are_the_submissions_without_a_verdict_oldest_first(live, new, result):
    for number, student in [(2, "ada"), (1, "bob"), (3, "ada")]:
        await live.accept(new(number, student))
    await live.record([result(2)])

    assert await live.open_jobs() == [
        Job(submission=new(1, "bob"), attempt=1),
        Job(submission=new(3), attempt=1),
    ]


async def test_open_jobs_come_in_pages(live, new):
    for number in (1, 2, 3):
        await live.accept(new(number))

    first = await live.open_jobs(limit=2)
    second = await live.open_jobs(limit=2, after=first[-1].submission.submitted_at)

    assert [int(job.submission.id, 16) for job in [*first, *second]] == [1, 2, 3]


async def test_an_internal_error_can_be_retried(live, new, result):
    await live.accept(new(1))
    await live.record([result(1, Status.INTERNAL_ERROR)])

    job = await live.retry(f"{1:032x}")

    assert job == Job(submission=new(1), attempt=2)
    assert await live.open_jobs() == [job]
    snapshot = await live.snapshot("ada", f"{1:032x}")
    assert (snapshot.state, snapshot.verdict) == (State.QUEUED, None)
    assert (snapshot.revision, snapshot.attempt) == (3, 2)


async def test_after_a_retry_only_the_new_attempt_counts(live, new, result):
    await live.accept(new(1))
    await live.record([result(1, Status.INTERNAL_ERROR)])
    await live.retry(f"{1:032x}")

    late = await live.record([result(1, Status.INTERNAL_ERROR)])
    await live.record([result(1, attempt=2)])

    assert late == Recorded([], [])
    snapshot = await live.snapshot("ada", f"{1:032x}")
    assert (snapshot.verdict.status, snapshot.revision) == (Status.ACCEPTED, 4)


async def test_of_many_retries_at_once_one_counts(live, new, result):
    await live.accept(new(1))
    await live.record([result(1, Status.INTERNAL_ERROR)])

    jobs = await asyncio.gather(*(live.retry(f"{1:032x}") for _ in range(5)))

    assert [job.attempt for job in jobs if job] == [2]


async def test_nothing_but_an_internal_error_is_retried(live, new, result):
    await live.accept(new(1))
    await live.accept(new(2))
    await live.record([result(2, Status.WRONG_ANSWER)])

    assert [await live.retry(f"{n:032x}") for n in (1, 2, 3)] == [None, None, None]
    assert await live.revision("ada") == 3


# ---- problems
async def test_a_published_problem_is_live(store, problem):
    assert await store.publish(problem, Terms(opens_at=5.0))

    assert await store.statement("two-sum") == statement_of(problem, Terms(opens_at=5.0))
    assert await store.problem(problem.digest) == problem


async def test_publishing_the_same_again_changes_nothing(live, problem):
    assert not await live.publish(problem)


async def test_new_times_are_a_change(live, problem):
    assert await live.publish(problem, Terms(closes_at=9.5))
    assert not await live.publish(problem, Terms(closes_at=9.5))

    assert (await live.statement("two-sum")).closes_at == 9.5


async def test_a_new_version_is_live_and_the_old_one_is_kept(live, problem):
    changed = msgspec.structs.replace(problem, title="Sum")

    assert await live.publish(changed)

    assert (await live.statement("two-sum")).version == changed.digest
    assert await live.problem(problem.digest) == problem
    assert await live.problem(changed.digest) == changed


async def test_an_old_version_can_be_live_again(live, problem):
    changed = msgspec.structs.replace(problem, title="Sum")
    await live.publish(changed)

    assert await live.publish(problem)

    assert (await live.statement("two-sum")).title == "Two sum"


async def test_a_submission_keeps_the_title_that_it_was_made_for(live, new, problem):
    await live.accept(new(1))

    changed = msgspec.structs.replace(problem, title="Sum")
    await live.publish(changed)

    assert (await live.snapshot("ada", f"{1:032x}")).title == "Two sum"


async def test_statements_come_by_id(live):
    for name in ("zeta", "alpha"):
        await live.publish(Problem(id=name, title=name))

    assert [one.id for one in await live.statements()] == ["alpha", "two-sum", "zeta"]


async def test_what_was_never_published_is_not_there(store):
    assert await store.statements() == []
    assert await store.statement("two-sum") is None
    assert await store.problem("f" * 32) is None


# ---- the end
async def test_a_closed_store_is_unavailable(live, new):
    await live.ping()
    await live.close()

    for call in (live.ping(), live.accept(new(1)), live.snapshots("ada"), live.statements()):
        with pytest.raises(Unavailable):
            await call


def _numbers(snapshots):
    return [int(one.id, 16) for one in snapshots]


# ---- the terms of a course
async def test_all_terms_of_a_problem_are_kept(store, problem):
    terms = Terms(
        opens_at=1.0, due_at=2.0, closes_at=3.0, late_deduct=0.1, attempts=4, time_zone="Asia/Tokyo"
    )

    await store.publish(problem, terms)

    assert await store.statement("two-sum") == statement_of(problem, terms)


async def test_the_last_attempt_is_taken_and_no_further_one(live, new):
    for number in (1, 2):
        await live.accept(new(number), attempts=2)

    with pytest.raises(AttemptsSpent, match="all 2 attempts"):
        await live.accept(new(3), attempts=2)

    assert len(await live.snapshots("ada")) == 2
    assert await live.revision("ada") == 2
    assert (await live.accept(new(4, student="bob"), attempts=2)).new
    assert not (await live.accept(new(2), attempts=2)).new  # the same once more


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.INTERNAL_ERROR])
async def test_what_was_cancelled_or_failed_by_our_fault_is_no_attempt(live, new, result, status):
    await live.accept(new(1), attempts=1)
    await live.record([result(1, status)])

    assert (await live.accept(new(2), attempts=1)).new
    await live.record([result(2, Status.WRONG_ANSWER)])
    with pytest.raises(AttemptsSpent, match="the one attempt"):
        await live.accept(new(3), attempts=1)


async def test_many_attempts_at_once_are_counted_rightly(live, new):
    together = [live.accept(new(number), attempts=3) for number in range(1, 9)]

    outcomes = await asyncio.gather(*together, return_exceptions=True)

    assert sum(isinstance(outcome, AttemptsSpent) for outcome in outcomes) == 5


async def test_a_late_submission_loses_its_share_of_the_points_and_the_verdict_says_so(
    live, new, result
):
    await live.accept(new(1), deduction=0.25)

    await live.record([result(1)])

    verdict = (await live.snapshot("ada", f"{1:032x}")).verdict
    assert (verdict.status, verdict.points, verdict.max_points) == (Status.ACCEPTED, 0.75, 1)
    assert "25% is deducted, 0.75 of 1 points count" in verdict.message


async def test_the_submissions_of_each_version_are_counted(live, new, problem):
    changed = msgspec.structs.replace(problem, title="Sum")
    await live.publish(changed)
    await live.accept(new(1))
    await live.accept(new(2, student="bob"))

    counts = [await live.graded_on(version) for version in (problem.digest, changed.digest)]
    assert counts == [2, 0]
