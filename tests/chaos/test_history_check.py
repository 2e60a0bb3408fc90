"""The checker itself: a history without fault passes, and each broken promise is found."""

import dataclasses

import pytest
from coursework import Outcome, outcome
from crowd import Journal, Seen, Sent
from history_check import Database, History, Row, counted, violations
from nbjudge_course.standing import Standing
from nbjudge_course.submission import Snapshot, State
from nbjudge_course.verdict import Status, Verdict
from nbjudge_course.wire import encode_json

FIRST, SECOND = "a" * 32, "b" * 32


def verdict(tag, status=Status.ACCEPTED, points=4.0):
    return Verdict(status=status, cause=status, points=points, max_points=4.0, output=f"{tag}\n")


CALM = {Status.ACCEPTED: outcome(verdict("x"), "x")}


def shown(submission, revision, verdict=None):
    state = State.QUEUED if verdict is None else State.DONE
    return Snapshot(
        id=submission, problem="digits", title="", language="python", state=state, revision=revision,
        submitted_at=0.0, verdict=verdict,
    )  # fmt: skip


def row(submission, revision, verdict):
    text = None if verdict is None else encode_json(verdict).decode()
    return Row(submission, "ada", "digits", "queued" if verdict is None else "done", revision, text)


@pytest.fixture
def history():
    """Ada has handed in twice and sees both verdicts; a third was refused."""
    sent = [
        Sent(FIRST, Status.ACCEPTED, "one", [0, 503, 200]),
        Sent(SECOND, Status.ACCEPTED, "two", [202]),
        Sent("c" * 32, None, "three", [422]),
    ]
    frames = [
        shown(FIRST, 1),
        shown(SECOND, 2),
        shown(FIRST, 3, verdict("one")),
        shown(SECOND, 4, verdict("two")),
    ]
    journal = Journal("ada", {one.id: one for one in sent}, [Seen(1, frame) for frame in frames])
    journal.view = {frame.id: frame for frame in frames}
    rows = {
        FIRST: row(FIRST, 3, verdict("one")),
        SECOND: row(SECOND, 4, verdict("two")),
    }
    standing = Standing(problem="digits", points=4.0, status=Status.ACCEPTED, attempts=2)
    return History([journal], CALM, Database(rows, {"ada": 4}), {"ada": [standing]})


def broken(history, rows=None, revision=4):
    if rows is not None:
        rows = {**history.database.rows, **rows}
        kept = {key: value for key, value in rows.items() if value is not None}
        history = dataclasses.replace(history, database=Database(kept, {"ada": revision}))
    return set(counted(violations(history)))


def test_a_history_without_fault_breaks_no_promise(history):
    assert violations(history) == []


def test_an_accepted_submission_that_is_gone_is_found(history):
    assert "what was accepted is there" in broken(history, {FIRST: None})


def test_a_submission_without_a_verdict_is_found(history):
    found = broken(history, {FIRST: row(FIRST, 1, None)})
    assert "every submission has a verdict" in found


@pytest.mark.parametrize(
    "other",
    [verdict("one", Status.WRONG_ANSWER, 0.0), verdict("two"), verdict("one", points=3.0)],
    ids=["another status", "of another submission", "other points"],
)
def test_a_verdict_other_than_in_calm_times_is_found(history, other):
    assert "the verdict is that of a calm run" in broken(history, {FIRST: row(FIRST, 3, other)})


@pytest.mark.parametrize("statuses", [[422], [503], [507, 503]])
def test_a_submission_that_is_there_although_it_was_not_accepted_is_found(history, statuses):
    history.journals[0].sent[FIRST].statuses = statuses
    assert "what was not accepted is not there" in broken(history)


def test_a_submission_whose_fate_its_student_could_not_know_may_be_there(history):
    history.journals[0].sent[FIRST].statuses = [503, 0]
    assert broken(history) == set()


def test_a_submission_that_nobody_sent_is_found(history):
    found = broken(history, {"d" * 32: row("d" * 32, 5, verdict("four"))})
    assert "nobody's submission is there" in found


def test_a_verdict_that_was_written_twice_is_found(history):
    assert "each verdict is written once" in broken(history, {}, revision=5)


def test_a_verdict_that_was_never_shown_is_found(history):
    history.journals[0].view[FIRST] = shown(FIRST, 1)
    assert broken(history) == {"every verdict is shown"}


def test_a_view_that_differs_from_the_database_is_found(history):
    history.journals[0].view[FIRST] = shown(FIRST, 3, verdict("one", points=2.0))
    assert broken(history) == {"what is shown is what is recorded"}


def test_a_revision_that_falls_on_one_connection_is_found(history):
    history.journals[0].seen.append(Seen(1, shown(FIRST, 1)))
    assert broken(history) == {"revisions rise"}


def test_a_new_connection_may_begin_with_an_older_revision(history):
    history.journals[0].seen.append(Seen(2, shown(FIRST, 1)))
    assert broken(history) == set()


def test_a_revision_with_two_meanings_is_found(history):
    history.journals[0].seen.append(Seen(2, shown(SECOND, 3)))
    assert "a revision means one thing" in broken(history)


def test_a_verdict_that_changes_is_found(history):
    history.journals[0].seen.append(Seen(2, shown(FIRST, 9, verdict("one", points=1.0))))
    assert broken(history) == {"a verdict stays"}


def test_standings_that_do_not_follow_from_the_verdicts_are_found(history):
    history.standings = {"ada": [Standing(problem="digits")]}
    assert broken(history) == {"standings agree with the verdicts"}


def test_a_process_that_is_left_over_is_found(history):
    history.leftovers = ["process 1: sleep"]
    assert broken(history) == {"nothing is left over"}


def test_the_tag_is_all_that_two_outcomes_of_one_program_may_differ_in():
    assert isinstance(CALM[Status.ACCEPTED], Outcome)
    assert outcome(verdict("one"), "one") == outcome(verdict("two"), "two")
    assert outcome(verdict("one"), "two") != outcome(verdict("two"), "two")
