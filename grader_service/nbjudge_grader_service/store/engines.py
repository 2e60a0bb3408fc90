"""The two ways into a database: an engine that writes and an engine that reads."""

import sqlite3
import time
from pathlib import Path
from typing import Any, NamedTuple

from nbjudge_course.errors import Unavailable
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

READERS = 4
APPLICATION = "nbjudge"
"""How our connections are named to a PostgreSQL server."""
POSTGRESQL_LOCK = 0x6E626A75646765  # an advisory lock, named "nbjudge"


class Engines(NamedTuple):
    """Where to write and where to read."""

    writer: Engine
    """Each of its transactions holds a lock that one writer has at a time, in all processes."""
    reader: Engine
    """Commits by itself; on SQLite it cannot write."""
    folder: Path | None
    """Where an SQLite file lies."""

    def dispose(self) -> None:
        """Close all connections."""
        self.writer.dispose()
        self.reader.dispose()


def open_engines(url: str, patience_seconds: float) -> Engines:
    """Make the engines; nothing is connected yet. Raise ValueError for a URL of another kind."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ValueError("the database URL cannot be read") from error
    if parsed.drivername in {"sqlite", "sqlite+pysqlite"}:
        return _sqlite(parsed, patience_seconds)
    if parsed.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return _postgresql(parsed.set(drivername="postgresql+psycopg"), patience_seconds)
    raise ValueError(f"the database must be sqlite or postgresql, not {parsed.drivername}")


def _sqlite(url: URL, patience_seconds: float) -> Engines:
    if not url.database or url.database == ":memory:":
        raise ValueError("the database must be a file: sqlite:////path/to/nbjudge.db")
    path = Path(url.database).absolute()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # it holds hidden tests; SQLite gives its other files the same mode
    except OSError as error:
        raise Unavailable(f"the file of the database cannot be made: {error}") from error
    options: dict[str, Any] = {
        "hide_parameters": True,
        "connect_args": {"timeout": patience_seconds},
    }
    writer = create_engine(url, pool_size=1, max_overflow=0, **options)
    reader = create_engine(
        url, pool_size=READERS, max_overflow=0, isolation_level="AUTOCOMMIT", **options
    )
    event.listen(writer, "connect", _prepare_writer)
    event.listen(writer, "begin", _begin_immediate)
    event.listen(reader, "connect", _prepare_reader)
    return Engines(writer, reader, path.parent)


def _prepare_writer(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # BEGIN is ours, see _begin_immediate
    _enter_wal(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _prepare_reader(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
    connection.execute("PRAGMA query_only = ON")


def _begin_immediate(connection: Connection) -> None:
    # A transaction that begins by reading and then wants to write fails at once when another
    # has written meanwhile, however patient it is.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _enter_wal(connection: sqlite3.Connection) -> None:
    # Changing the mode does not wait for a lock as everything else does.
    for _ in range(50):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
            time.sleep(0.1)
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")


def _postgresql(url: URL, patience_seconds: float) -> Engines:
    patience_ms = int(patience_seconds * 1000)
    settings = (
        f"-c lock_timeout={patience_ms} -c statement_timeout={4 * patience_ms}"
        # A service that froze in the middle of a transaction must not hold the lock for ever.
        f" -c idle_in_transaction_session_timeout={4 * patience_ms}"
    )
    options: dict[str, Any] = {
        "hide_parameters": True,
        "pool_pre_ping": True,  # a server that was restarted is not felt
        "max_overflow": 0,
        "connect_args": {
            "connect_timeout": max(2, round(patience_seconds)),
            "tcp_user_timeout": 4 * patience_ms,
            "application_name": APPLICATION,
            "client_encoding": "utf8",  # else a database without an encoding answers in bytes
            "options": f"{url.query.get('options', '')} {settings}".strip(),
        },
    }
    try:
        writer = create_engine(url, pool_size=1, **options)
    except ModuleNotFoundError as error:
        raise ValueError('install "nbjudge-grader-service[postgresql]" for PostgreSQL') from error
    reader = create_engine(url, pool_size=READERS, isolation_level="AUTOCOMMIT", **options)
    event.listen(writer, "begin", _take_lock)
    return Engines(writer, reader, None)


def _take_lock(connection: Connection) -> None:
    # Two groups that write to the same students in different orders would wait for each other
    # until one of them is thrown out. Groups are short, so they go one after the other.
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({POSTGRESQL_LOCK})")
