"""A copy of the database brings everything back, on SQLite and on PostgreSQL."""

import asyncio
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing

import pytest
from alembic import command
from alembic.config import Config
from nbjudge_course.errors import NotFound
from nbjudge_course.outline import Outline, SetOutline
from nbjudge_course.terms import Terms
from nbjudge_course.verdict import Status
from nbjudge_grader_service.store import SqlStore, copies
from nbjudge_grader_service.store.copies import LEAP, CannotCopy, back_up, restore
from nbjudge_grader_service.store.engines import open_engines
from nbjudge_grader_service.store.migrate import MIGRATIONS
from sqlalchemy import text

TERMS = Terms(due_at=2e9, closes_at=3e9, attempts=9, late_deduct=0.5, time_zone="Europe/Vienna")
OUTLINE = Outline(title="C", sets=(SetOutline(id="s", title="S", problems=("two-sum",)),))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "postgresql":
        return request.getfixturevalue("new_postgres_url")()
    return f"sqlite:///{tmp_path}/nbjudge.db"


@pytest.fixture
async def opened(url):
    """Give a way to open the database; what is open at the end is closed."""
    stores = []

    def one():
        stores.append(SqlStore.open(url))
        return stores[-1]

    yield one
    for store in stores:
        await store.close()


async def seen(store):
    """Return all that anybody can see, but for revisions."""
    told = [await store.statements(), await store.outline(), await store.open_jobs()]
    for student in ("ada", "bob"):
        told.append(await store.standings(student))
        snapshots = await store.snapshots(student)
        told.append([(one.id, one.number, one.state, one.verdict) for one in snapshots])
    return told


async def filled(store, problem, new, result):
    await store.publish(problem, TERMS)
    await store.put_outline(OUTLINE)
    for number, student in enumerate(["ada", "bob", "ada", "ada"], start=1):
        await store.accept(new(number, student), deduction=0.5)
    await store.record([result(1), result(2, Status.WRONG_ANSWER)])


async def test_a_copy_that_was_made_while_in_use_brings_everything_back(
    opened, url, problem, new, result, tmp_path
):
    store = opened()
    await filled(store, problem, new, result)
    before = await seen(store)
    copy = tmp_path / "copy"

    await asyncio.to_thread(back_up, url, copy)
    await store.record([result(3), result(4)])
    await store.accept(new(5))
    await store.put_outline(Outline(title="Later"))
    assert await seen(store) != before
    await store.close()
    restore(url, copy)

    again = opened()
    assert await seen(again) == before
    assert [job.submission.id for job in await again.open_jobs()] == [f"{n:032x}" for n in (3, 4)]
    (version,) = {one.version for one in await again.statements()}
    assert await again.problem(version) == problem


async def test_a_copy_is_not_made_onto_the_database_itself(problem, new, result, tmp_path):
    database = tmp_path / "nbjudge.db"
    store = SqlStore.open(f"sqlite:///{database}")
    await filled(store, problem, new, result)
    before = await seen(store)
    for own in (database, tmp_path / "nbjudge.db-wal"):
        with pytest.raises(CannotCopy, match="is the database itself"):
            await asyncio.to_thread(back_up, f"sqlite:///{database}", own)
    assert await seen(store) == before
    await store.close()


async def test_after_a_restore_every_revision_is_above_those_that_were_told(
    opened, url, problem, new, result, tmp_path
):
    store = opened()
    await filled(store, problem, new, result)
    copy = tmp_path / "copy"
    await asyncio.to_thread(back_up, url, copy)
    await store.record([result(3), result(4)])
    told = await store.revision("ada")
    await store.close()

    restore(url, copy)

    again = opened()
    everything = [one.id for one in await again.changes("ada", told)]
    assert sorted(everything) == [f"{n:032x}" for n in (1, 3, 4)]
    revision = await again.revision("ada")
    assert revision > LEAP
    await again.record([result(3)])
    assert await again.revision("ada") == revision + 1


async def test_a_copy_of_an_older_version_comes_back_where_a_newer_one_was(
    opened, url, problem, new, result, tmp_path
):
    """The newer tables, which the copy does not know, are in nobody's way."""
    engines = open_engines(url, 5.0)
    with engines.writer.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        connection.execute(text("INSERT INTO students VALUES ('ada', 7)"))
    engines.dispose()
    back_up(url, tmp_path / "copy")
    newer = opened()
    await filled(newer, problem, new, result)
    await newer.close()

    restore(url, tmp_path / "copy")

    again = opened()
    assert await again.revision("ada") == LEAP + 7
    assert await again.outline() == Outline()
    await filled(again, problem, new, result)
    assert await again.outline() == OUTLINE


async def test_a_copy_is_for_its_owner_alone(opened, url, problem, new, result, tmp_path):
    """It holds hidden tests, and everybody's work."""
    await filled(opened(), problem, new, result)

    await asyncio.to_thread(back_up, url, tmp_path / "copy")

    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("copy*")] == ["copy"]


async def test_copying_holds_nobody_up_and_is_of_one_moment(opened, url, problem, new, tmp_path):
    store = opened()
    await store.publish(problem)
    copying = asyncio.create_task(asyncio.to_thread(back_up, url, tmp_path / "copy"))
    number = 0
    while not copying.done() or number < 50:
        number += 1
        await store.accept(new(number))
    await copying
    await store.close()

    restore(url, tmp_path / "copy")

    again = opened()
    kept = [int(job.submission.id, 16) for job in await again.open_jobs(limit=10**6)]
    assert kept == list(range(1, len(kept) + 1))
    with pytest.raises(NotFound):
        await again.accept(new(10**6, version="0" * 32))


async def test_nothing_is_restored_under_a_running_service(
    opened, url, problem, new, result, tmp_path
):
    store = opened()
    await filled(store, problem, new, result)
    await asyncio.to_thread(back_up, url, tmp_path / "copy")
    await store.accept(new(5))
    before = await seen(store)

    with pytest.raises(CannotCopy, match="in use, stop"):
        await asyncio.to_thread(restore, url, tmp_path / "copy")

    assert await seen(store) == before


async def test_what_is_no_copy_is_refused_and_harms_nothing(
    opened, url, problem, new, result, tmp_path
):
    store = opened()
    await filled(store, problem, new, result)
    before = await seen(store)
    await store.close()
    (tmp_path / "text").write_text("no database")
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE things (name)")

    for name in ("missing", "text", "other.db"):
        with pytest.raises(CannotCopy):
            restore(url, tmp_path / name)

    assert await seen(opened()) == before


async def test_a_copy_can_come_to_a_machine_that_has_nothing_yet(problem, new, result, tmp_path):
    store = SqlStore.open(f"sqlite:///{tmp_path}/old.db")
    await filled(store, problem, new, result)
    before = await seen(store)
    await store.close()
    back_up(f"sqlite:///{tmp_path}/old.db", tmp_path / "copy")

    assert restore(f"sqlite:///{tmp_path}/new.db", tmp_path / "copy") is None

    store = SqlStore.open(f"sqlite:///{tmp_path}/new.db")
    assert await seen(store) == before
    await store.close()


@pytest.mark.parametrize("work", [back_up, restore])
@pytest.mark.parametrize(
    "who", ["ada:hush@127.0.0.1:5433/class?", "ada@127.0.0.1:5433/class?password=hush&"]
)
def test_the_password_of_postgresql_is_not_in_the_arguments_that_everybody_can_read(
    tmp_path, monkeypatch, work, who
):
    for name in ("pg_dump", "psql"):
        program = tmp_path / name
        program.write_text('#!/bin/sh\necho "$PGPASSWORD|$*" >&2\nexit 1\n')
        program.chmod(0o755)
    (tmp_path / "pg_restore").symlink_to("/bin/true")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(copies, "_refuse_while_in_use", lambda url: None)
    (tmp_path / "copy").write_text("")

    with pytest.raises(CannotCopy) as raised:
        work(f"postgresql://{who}sslmode=require", tmp_path / "copy")

    environment, _, arguments = str(raised.value).partition(": ")[2].partition("|")
    assert environment == "hush"
    assert "--dbname=postgresql://ada@127.0.0.1:5433/class?sslmode=require" in arguments
    assert "hush" not in arguments


# ---- the verbs


def verb(*words, **settings):
    command = [sys.executable, "-m", "nbjudge_course", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **settings)


async def test_the_verbs_say_what_they_did(opened, url, problem, new, result, tmp_path):
    store = opened()
    await filled(store, problem, new, result)

    made = await asyncio.to_thread(verb, "backup", tmp_path / "copy", "--database", url)
    refused = await asyncio.to_thread(verb, "restore", tmp_path / "copy", "--database", url)
    await store.close()
    back = verb("restore", tmp_path / "copy", "--database", url)

    assert (made.returncode, refused.returncode, back.returncode) == (0, 1, 0)
    assert "4 submissions" in made.stdout
    assert "stop" in refused.stderr
    assert "4 submissions are back; 2 of them will be graded" in back.stdout


async def test_the_database_of_a_laptop_is_found_by_its_folder(problem, new, result, tmp_path):
    (tmp_path / ".nbjudge").mkdir()
    store = SqlStore.open(f"sqlite:///{tmp_path}/.nbjudge/nbjudge.db")
    await filled(store, problem, new, result)
    await store.close()

    made = verb("backup", "copy", cwd=tmp_path)
    back = verb("restore", "copy", cwd=tmp_path)

    assert (made.returncode, back.returncode) == (0, 0), made.stderr + back.stderr
    assert len(list((tmp_path / ".nbjudge").glob("nbjudge.db.2*"))) == 1


def test_a_database_that_is_not_there_is_told(tmp_path):
    for url in (f"sqlite:///{tmp_path}/no.db", "postgresql://nobody@127.0.0.1:1/no", "mysql://x/y"):
        done = verb("backup", tmp_path / "copy", "--database", url)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("nbjudge backup: ")
        assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
