"""The checker: the whole history against a model of what a student was promised.

The model is short. What was answered 202 is in the database, once, with the verdict that its
program has in calm times. What was refused is not there. Every student was shown just that, in
rising revisions, and in the end everything of it.
"""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import coursework
from coursework import Outcome, outcome
from crowd import Journal
from nbjudge_course.standing import Standing, standings_of
from nbjudge_course.submission import State
from nbjudge_course.verdict import Status


@dataclass(frozen=True)
class Violation:
    """One broken promise."""

    promise: str
    detail: str


@dataclass(frozen=True)
class Row:
    """A submission as the database holds it."""

    id: str
    student: str
    problem: str
    state: str
    revision: int
    verdict: str | None


@dataclass(frozen=True)
class Database:
    """What the database holds in the end."""

    rows: Mapping[str, Row]
    revisions: Mapping[str, int]


@dataclass
class History:
    """All that is known of one campaign when it is over."""

    journals: Sequence[Journal]
    calm: Mapping[Status, Outcome]
    """The outcome of each kind of program before anything was done to the service."""
    database: Database
    standings: Mapping[str, Sequence[Standing]] = field(default_factory=dict)
    leftovers: Sequence[str] = ()


def read_database(path: Path) -> Database:
    """Read the file as it is."""
    with closing(sqlite3.connect(path)) as connection:
        names = "id, student, problem, state, revision, verdict"
        order = "ORDER BY submitted_at, number"
        found = connection.execute(f"SELECT {names} FROM submissions {order}")
        rows = {row[0]: Row(*row) for row in found}
        return Database(rows, dict(connection.execute("SELECT name, revision FROM students")))


def violations(history: History) -> list[Violation]:
    """Return every promise that was broken. None: all were kept."""
    found = [Violation("nothing is left over", one) for one in history.leftovers]
    found += _intruders(history)
    for journal in history.journals:
        found += _kept(history, journal)
        found += _shown(history, journal)
        found += _told_in_order(journal)
        found += _written_once(history, journal)
        found += _standings(history, journal)
    return found


def counted(found: Sequence[Violation]) -> dict[str, int]:
    """Return how often each promise was broken."""
    return dict(Counter(violation.promise for violation in found))


def _intruders(history: History) -> Iterator[Violation]:
    sent = {one for journal in history.journals for one in journal.sent}
    for row in history.database.rows.values():
        if row.id not in sent:
            yield Violation("nobody's submission is there", f"{row.id} of {row.student}")


def _kept(history: History, journal: Journal) -> Iterator[Violation]:
    """What was accepted has its right verdict; what was not accepted is not there."""
    for sent in journal.sent.values():
        row = history.database.rows.get(sent.id)
        if row is None:
            if sent.accepted:
                yield Violation("what was accepted is there", sent.id)
            continue
        if sent.not_accepted or sent.kind is None:
            yield Violation("what was not accepted is not there", f"{sent.id} {sent.statuses}")
        elif row.verdict is None:
            yield Violation("every submission has a verdict", f"{sent.id} {row.state}")
        else:
            got = outcome(coursework.decoded(row.verdict), sent.tag)
            if got != history.calm[sent.kind]:
                message = coursework.decoded(row.verdict).message
                told = f"{sent.id} {sent.kind}: {got} {message}"
                yield Violation("the verdict is that of a calm run", told)


def _shown(history: History, journal: Journal) -> Iterator[Violation]:
    """In the end each student was shown what the database holds, all of it."""
    for row in history.database.rows.values():
        if row.student != journal.student or row.verdict is None:
            continue
        shown = journal.view.get(row.id)
        if shown is None or shown.verdict is None:
            yield Violation("every verdict is shown", row.id)
        elif (shown.verdict, shown.revision) != (coursework.decoded(row.verdict), row.revision):
            yield Violation("what is shown is what is recorded", f"{row.id} {shown}")
    for unknown in journal.view.keys() - history.database.rows.keys():
        yield Violation("what is shown is what is recorded", f"{unknown} is not recorded")


def _told_in_order(journal: Journal) -> Iterator[Violation]:
    """Revisions rise on each connection, and one never stands for two different things."""
    last: dict[tuple[int, str], int] = {}
    meant: dict[int, object] = {}
    verdicts: dict[str, object] = {}
    for seen in journal.seen:
        snapshot = seen.snapshot
        key = seen.connection, snapshot.id
        if snapshot.revision < last.get(key, 0):
            yield Violation("revisions rise", f"{snapshot.id} {snapshot.revision}")
        last[key] = snapshot.revision
        content = snapshot.id, snapshot.verdict
        if meant.setdefault(snapshot.revision, content) != content:
            yield Violation("a revision means one thing", f"{journal.student} {snapshot.revision}")
        if (snapshot.state is State.DONE) != (snapshot.verdict is not None):
            yield Violation("what is done has a verdict", snapshot.id)
        verdict = snapshot.verdict
        if verdict is not None and verdicts.setdefault(snapshot.id, verdict) != verdict:
            yield Violation("a verdict stays", snapshot.id)


def _written_once(history: History, journal: Journal) -> Iterator[Violation]:
    """Accepting counts one revision and a verdict one: a second verdict would count a third."""
    rows = [row for row in history.database.rows.values() if row.student == journal.student]
    changes = len(rows) + sum(row.verdict is not None for row in rows)
    if rows and history.database.revisions.get(journal.student) != changes:
        told = f"{journal.student}: {history.database.revisions.get(journal.student)} for {changes}"
        yield Violation("each verdict is written once", told)


def _standings(history: History, journal: Journal) -> Iterator[Violation]:
    results = [
        (row.problem, None if row.verdict is None else coursework.decoded(row.verdict))
        for row in history.database.rows.values()
        if row.student == journal.student
    ]
    told = history.standings.get(journal.student)
    if told is not None and list(told) != standings_of(results):
        yield Violation("standings agree with the verdicts", f"{journal.student}: {told}")
