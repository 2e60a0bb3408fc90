"""What a store on a real database does when that is locked, full, away, or killed."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import msgspec
import psycopg
import pytest
from nbjudge_course import wire
from nbjudge_course.errors import BadMessage, NoSpace, Unavailable
from nbjudge_course.problem import Problem
from nbjudge_course.terms import Terms
from nbjudge_course.verdict import Status
from nbjudge_grader_service.store import SqlStore
from nbjudge_grader_service.store.database_faults import fault_of
from nbjudge_grader_service.store.engines import POSTGRESQL_LOCK, open_engines
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import Pool


@pytest.fixture
def path(tmp_path):
    return tmp_path / "folder" / "nbjudge.db"


@pytest.fixture
async def sqlite(path, problem):
    store = SqlStore.open(f"sqlite:///{path}", patience_seconds=0.1)
    await store.publish(problem)
    yield store
    await store.close()


@pytest.fixture
def postgres_url(new_postgres_url):
    return new_postgres_url()


@pytest.fixture
async def postgresql(postgres_url, problem):
    store = SqlStore.open(postgres_url, patience_seconds=1.0)
    await store.publish(problem)
    yield store
    await store.close()


# ---- killed
ACCEPT_AND_DIE = """
import asyncio, os, signal, sys
from nbjudge_course import wire
from nbjudge_course.problem import Problem
from nbjudge_course.submission import Submission
from nbjudge_grader_service.store import SqlStore

url, problem, submission = sys.argv[1:]

async def main():
    store = SqlStore.open(url)
    await store.publish(wire.decode_json(problem, Problem))
    await store.accept(wire.decode_json(submission, Submission))
    os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_what_was_accepted_outlives_a_kill(request, path, new, problem, kind):
    url = f"sqlite:///{path}" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    messages = [wire.encode_json(message) for message in (problem, new(1))]

    ended = subprocess.run([sys.executable, "-c", ACCEPT_AND_DIE, url, *messages], check=False)
    store = SqlStore.open(url)
    found = await store.open_jobs()
    await store.close()

    assert ended.returncode == -signal.SIGKILL
    assert [job.submission for job in found] == [new(1)]


# ---- SQLite
async def test_a_locked_database_is_unavailable_and_then_works_again(sqlite, path, new, result):
    await sqlite.accept(new(1))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for call in (sqlite.accept(new(2)), sqlite.record([result(1)]), sqlite.ping()):
            with pytest.raises(Unavailable):
                await call
        assert [one.number for one in await sqlite.snapshots("ada")] == [1]  # reading goes on

    await sqlite.ping()
    await sqlite.accept(new(2))
    await sqlite.record([result(1)])

    assert await sqlite.revision("ada") == 3


@pytest.fixture
def connections():
    """Collect the SQLite connections that are opened during the test."""
    opened = []

    def collect(connection, _):
        opened.append(connection)

    event.listen(Pool, "connect", collect)
    yield opened
    event.remove(Pool, "connect", collect)


async def test_a_full_disk_is_told_as_such_and_space_is_used_when_it_returns(
    connections, sqlite, new
):
    def allow_pages(pages):
        for connection in connections:
            connection.execute(f"PRAGMA max_page_count = {pages}")

    await sqlite.accept(new(1))
    allow_pages(1)  # which SQLite takes for: no more than now
    with pytest.raises(NoSpace):
        await sqlite.accept(new(2, source="x" * 65536))
    assert (await sqlite.recent("ada", f"{2:032x}")).id_taken is False

    allow_pages(1_000_000)
    again = await sqlite.accept(new(2, source="x" * 65536))

    assert (again.new, again.snapshot.revision) == (True, 2)


async def test_the_last_space_is_kept_for_verdicts(sqlite, path, new, result, problem):
    await sqlite.accept(new(1))
    store = SqlStore.open(f"sqlite:///{path}", reserve_bytes=2**62)

    for call in (
        store.accept(new(2)),
        store.publish(problem, Terms(opens_at=1.0)),
        store.ping(),
    ):
        with pytest.raises(NoSpace):
            await call
    await store.record([result(1, Status.INTERNAL_ERROR)])
    await store.retry(f"{1:032x}")
    await store.close()

    assert [(one.revision, one.attempt) for one in await sqlite.snapshots("ada")] == [(3, 2)]


def test_a_database_that_cannot_be_made_is_unavailable(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(Unavailable):
        SqlStore.open(f"sqlite:///{tmp_path}/file/nbjudge.db")


def test_a_file_that_is_no_database_is_unavailable(tmp_path):
    (tmp_path / "text.db").write_text("not a database, but longer than its header would be" * 99)

    with pytest.raises(Unavailable):
        SqlStore.open(f"sqlite:///{tmp_path}/text.db")


def test_a_server_that_is_not_there_is_unavailable(tmp_path):
    with pytest.raises(Unavailable):
        SqlStore.open(f"postgresql://postgres@/nbjudge?host={tmp_path}")


async def test_a_folder_that_was_removed_is_unavailable(sqlite, path, new):
    await sqlite.accept(new(1))
    path.parent.rename(path.parent.with_name("elsewhere"))

    with pytest.raises(Unavailable):
        await sqlite.accept(new(2))

    path.parent.with_name("elsewhere").rename(path.parent)
    assert (await sqlite.accept(new(2))).snapshot.number == 2


async def test_an_sqlite_file_and_its_companions_are_their_owners_alone(sqlite, path, new):
    await sqlite.accept(new(1))

    modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.iterdir()}

    assert modes == {f"nbjudge.db{ending}": 0o600 for ending in ("", "-wal", "-shm")}


# ---- PostgreSQL
async def test_a_server_that_went_away_is_unavailable_and_then_used_again(
    postgresql, postgres, new
):
    await postgresql.accept(new(1))
    await postgresql.snapshots("ada")

    postgres.stop()
    try:
        for call in (postgresql.accept(new(2)), postgresql.snapshots("ada"), postgresql.ping()):
            with pytest.raises(Unavailable):
                await call
    finally:
        postgres.start()
    await postgresql.accept(new(2))

    assert [one.number for one in await postgresql.snapshots("ada")] == [2, 1]


async def test_a_server_on_which_another_writes_too_long_is_unavailable_and_then_works_again(
    postgresql, postgres_url, new
):
    await postgresql.accept(new(1))
    with psycopg.connect(postgres_url) as other:
        other.execute(f"SELECT pg_advisory_xact_lock({POSTGRESQL_LOCK})")
        with pytest.raises(Unavailable):
            await postgresql.accept(new(2))
        assert [one.number for one in await postgresql.snapshots("ada")] == [1]  # reading goes on

    assert (await postgresql.accept(new(2))).snapshot.revision == 2


async def test_a_service_that_froze_while_it_wrote_does_not_lock_the_others_out_for_ever(
    postgres_url, new, problem
):
    frozen = open_engines(postgres_url, patience_seconds=0.25)
    store = SqlStore.open(postgres_url, patience_seconds=5.0)
    with frozen.writer.connect() as connection:
        connection.begin()

        await store.publish(problem)  # as soon as it is thrown out

        with pytest.raises(DBAPIError) as raised:
            connection.execute(text("SELECT 1"))
    assert isinstance(fault_of(raised.value), Unavailable)
    frozen.dispose()
    await store.close()


@pytest.mark.parametrize(("sqlstate", "fault"), [("53100", NoSpace), ("53200", Unavailable)])
async def test_a_servers_lack_of_space_is_told_as_such(
    postgresql, postgres_url, new, sqlstate, fault
):
    with psycopg.connect(postgres_url) as connection:
        connection.execute(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN RAISE 'no' USING ERRCODE = '{sqlstate}'; END $$"
        )
        connection.execute(
            "CREATE TRIGGER fail BEFORE INSERT ON submissions EXECUTE FUNCTION fail()"
        )

    with pytest.raises(Unavailable) as raised:
        await postgresql.accept(new(1))

    assert type(raised.value) is fault
    assert await postgresql.revision("ada") == 0


async def test_a_standby_is_unavailable(postgresql, postgres_url, new):
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    for call in (postgresql.ping(), postgresql.accept(new(1))):
        with pytest.raises(Unavailable):
            await call


async def test_a_problem_that_the_server_cannot_keep_is_refused_alone(postgresql):
    bad = Problem(id="bad", title="with a \0 in it")
    good = Problem(id="good", title="Good")

    answers = await asyncio.gather(
        *(postgresql.publish(one) for one in (bad, good)),
        return_exceptions=True,
    )

    assert isinstance(answers[0], BadMessage)
    assert answers[1] is True


async def test_two_services_that_write_across_each_other_both_succeed(
    postgresql, postgres_url, new, result
):
    other = SqlStore.open(postgres_url)
    students = [f"student{number}" for number in range(10)]

    await asyncio.gather(
        *(postgresql.accept(new(n, student)) for n, student in enumerate(students)),
        *(other.accept(new(100 + n, student)) for n, student in enumerate(reversed(students))),
        *(store.accept(new(200 + n, "ada")) for n in range(20) for store in (postgresql, other)),
    )
    numbers = [*range(10), *range(100, 110), *range(200, 220)]
    await asyncio.gather(
        *(postgresql.record([result(number)]) for number in numbers),
        other.record([result(number, Status.WRONG_ANSWER) for number in reversed(numbers)]),
    )
    revisions = {student: await other.revision(student) for student in [*students, "ada"]}
    await other.close()

    assert revisions == dict.fromkeys(students, 4) | {"ada": 40}
    assert [one.number for one in await postgresql.snapshots("ada")] == list(range(20, 0, -1))


# ---- threads
async def test_a_write_that_nobody_waits_for_any_more_does_not_disturb_the_others(
    sqlite, path, new
):
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = [asyncio.ensure_future(sqlite.accept(new(number))) for number in (1, 2, 3)]
        await asyncio.sleep(0)
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    assert (await sqlite.accept(new(4))).new


async def test_one_store_serves_several_event_loops(sqlite, new):
    accepted = []
    threads = [
        threading.Thread(target=lambda n=n: accepted.append(asyncio.run(sqlite.accept(new(n)))))
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    await asyncio.gather(*(asyncio.to_thread(thread.join) for thread in threads))

    assert sorted(one.snapshot.number for one in accepted) == [1, 2, 3, 4]


async def test_a_statement_is_decoded_once_and_its_times_are_read_each_time(sqlite, path, problem):
    before = await sqlite.statement(problem.id)
    with closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE problem_versions SET content = x'00'")
        other.execute("UPDATE problems SET closes_at = 5")
        other.commit()

    assert await sqlite.statement(problem.id) == msgspec.structs.replace(before, closes_at=5.0)


async def test_a_database_that_was_made_without_an_encoding_holds_any_text(postgres, problem, new):
    """As initdb makes it where no language is set."""
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE bare TEMPLATE template0"
            " ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    store = SqlStore.open(postgres.url("bare"))

    await store.publish(msgspec.structs.replace(problem, title="Zwölf 🎲"))
    (statement,) = await store.statements()
    await store.accept(new(1, "Žofie", version=statement.version))

    assert statement.title == "Zwölf 🎲"
    assert [one.title for one in await store.snapshots("Žofie")] == ["Zwölf 🎲"]
    await store.close()
