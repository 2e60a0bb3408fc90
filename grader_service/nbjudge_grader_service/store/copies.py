"""A copy of the whole database, made while it is in use, and bringing a copy back.

A copy is older than what students have seen. When it comes back, every revision in it is raised
above all that anybody can have seen since, so each notebook that connects is told everything anew.
"""

import os
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from nbjudge_course.errors import NbjudgeError
from sqlalchemy import URL, Connection, Engine, Update, func, make_url, select, text, update
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from nbjudge_grader_service.store.database_faults import fault_of
from nbjudge_grader_service.store.engines import APPLICATION, open_engines
from nbjudge_grader_service.store.tables import metadata, students, submissions

LEAP = 1_000_000
"""More revisions than a student makes between two backups."""
_LEAPS = [
    update(table).values(revision=table.c.revision + LEAP) for table in (submissions, students)
]
_PATIENCE_SECONDS, _LOOK_SECONDS = 5.0, 0.1


class CannotCopy(NbjudgeError):
    """The database cannot be copied, or the copy not brought back; nothing was changed."""


def back_up(url: str, target: Path) -> None:
    """Write a copy of the database into a file that its owner alone can read.

    Raise CannotCopy and Unavailable. What stood in the file before stays until the copy is whole.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        _refuse_the_database_itself(_file(parsed), target)
    with _replacing(target) as part:
        if parsed.get_backend_name() == "sqlite":
            _copy_sqlite(_file(parsed), part)
        else:
            _program("pg_dump", parsed, "--format=custom", "--no-owner", f"--file={part}")


def restore(url: str, source: Path) -> Path | None:
    """Put the copy in the place of the database. No service may run on it.

    Return where the SQLite file that stood there was put. Raise CannotCopy and Unavailable.
    """
    parsed = _parsed(url)
    if not source.is_file():
        raise CannotCopy(f"there is no file {source}")
    if parsed.get_backend_name() == "sqlite":
        return _restore_sqlite(_file(parsed), source)
    _refuse_while_in_use(url)
    _restore_postgresql(parsed, source)
    return None


def count(url: str) -> tuple[int, int]:
    """Return how many submissions there are, and how many of them have no verdict."""
    with _writer(url) as engine, engine.begin() as connection:
        return _counted(connection)


# ---- SQLite


def _refuse_the_database_itself(database: Path, other: Path) -> None:
    """A copy in place of one of the database's own files would destroy it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        own = database.with_name(database.name + suffix)
        if own.exists() and other.exists() and other.samefile(own):
            raise CannotCopy(f"{other} is the database itself")


def _copy_sqlite(source: Path, target: Path) -> None:
    """Copy page by page under one reader's view; whoever writes meanwhile is not held up."""
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=rw", uri=True)) as there,
            closing(sqlite3.connect(target)) as here,
        ):
            there.backup(here)
            _check(here, source)
    except sqlite3.Error as error:
        raise CannotCopy(f"{source}: {error}") from error


def _check(connection: sqlite3.Connection, source: Path) -> None:
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not {"alembic_version", "students", "submissions"} <= tables:
        raise CannotCopy(f"{source} is no database of nbjudge")
    ((said,), *_) = connection.execute("PRAGMA quick_check")
    if said != "ok":
        raise CannotCopy(f"{source} is damaged: {said}")


def _restore_sqlite(target: Path, source: Path) -> Path | None:
    _refuse_the_database_itself(target, source)
    with _replacing(target) as part:
        _copy_sqlite(source, part)
        with _writer(f"sqlite:///{part}") as engine:
            _leap(engine)
        _close_wal(part)
        return _put_aside(target) if target.exists() else None


def _put_aside(target: Path) -> Path:
    """Move the old file away, complete. Without that a stale log would be applied to the new."""
    _close_wal(target)
    aside = target.with_name(f"{target.name}.{time.strftime('%Y%m%d-%H%M%S')}")
    return target.rename(aside)


def _close_wal(path: Path) -> None:
    """Bring everything into the one file, which works only while nobody else has it open."""
    try:
        with closing(sqlite3.connect(path, timeout=_PATIENCE_SECONDS)) as connection:
            ((mode,),) = connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise CannotCopy(f"{path} is in use, stop the service first: {error}") from error
    if mode != "delete":
        raise CannotCopy(f"{path} is in use, stop the service first")


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """Give a file to be filled that then takes the place of the target."""
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)  # it will hold hidden tests
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        raise CannotCopy(f"{target}: {error}") from error
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            part.with_name(part.name + suffix).unlink(missing_ok=True)


# ---- PostgreSQL


def _restore_postgresql(url: URL, source: Path) -> None:
    """Do it in one transaction. Tables that the copy does not know yet would be in its way."""
    tables = ", ".join((*metadata.tables, "alembic_version"))
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script"
        _run("pg_restore", ["--no-owner", f"--file={script}", str(source)], {})
        _program(
            "psql",
            url,
            *("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"),
            f"--command=DROP TABLE IF EXISTS {tables}",
            f"--file={script}",
            f"--command=RESET search_path; {'; '.join(map(_as_text, _LEAPS))}",
        )


def _program(name: str, url: URL, *arguments: str) -> None:
    """Run a program of PostgreSQL's. The password travels by the environment."""
    query = url.difference_update_query(["password"]).query
    address = URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, query
    ).render_as_string()
    password = url.password or url.query.get("password")
    environment = {"PGPASSWORD": str(password)} if password else {}
    _run(name, [f"--dbname={address}", *arguments], environment)


def _run(name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    try:
        subprocess.run(  # noqa: S603 - a program of PostgreSQL's by its name
            [name, *arguments],
            env={**os.environ, **environment},
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
    except FileNotFoundError as error:
        told = f"{name} is not installed; it comes with PostgreSQL's client, postgresql-client"
        raise CannotCopy(told) from error
    except subprocess.CalledProcessError as error:
        raise CannotCopy(f"{name} failed: {error.stderr.strip()}") from error


def _as_text(statement: Update) -> str:
    dialect = make_url("postgresql+psycopg://").get_dialect()()
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))


def _refuse_while_in_use(url: str) -> None:
    """Raise CannotCopy, after some patience: the server notices later that a client has gone."""
    query = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND application_name = :application"
    )
    deadline = time.monotonic() + _PATIENCE_SECONDS
    with _writer(url) as engine:
        while True:
            with engine.begin() as connection:
                if not connection.scalar(query, {"application": APPLICATION}):
                    return
            if time.monotonic() > deadline:
                raise CannotCopy("the database is in use, stop all processes of the service first")
            time.sleep(_LOOK_SECONDS)


# ---- both


@contextmanager
def _writer(url: str) -> Iterator[Engine]:
    engines = open_engines(url, _PATIENCE_SECONDS)
    try:
        yield engines.writer
    except SQLAlchemyError as error:
        raise fault_of(error) from error
    finally:
        engines.dispose()


def _leap(engine: Engine) -> None:
    with engine.begin() as connection:
        for leap in _LEAPS:
            connection.execute(leap)


def _counted(connection: Connection) -> tuple[int, int]:
    all_ = select(func.count()).select_from(submissions)
    open_ = all_.where(submissions.c.verdict.is_(None))
    return connection.scalar(all_) or 0, connection.scalar(open_) or 0


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise CannotCopy("the address of the database cannot be read") from error
    if parsed.get_backend_name() not in {"sqlite", "postgresql", "postgres"}:
        raise CannotCopy(f"the database must be sqlite or postgresql, not {parsed.drivername}")
    return parsed


def _file(url: URL) -> Path:
    if not url.database:
        raise CannotCopy("the database must be a file: sqlite:////path/to/nbjudge.db")
    return Path(url.database).absolute()
