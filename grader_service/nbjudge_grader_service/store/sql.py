"""The store on a real database: SQLite in a file, or PostgreSQL."""

import asyncio
import shutil
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from nbjudge_course.errors import NoSpace, Unavailable
from nbjudge_course.outline import Outline
from nbjudge_course.problem import MIB, Problem, Statement
from nbjudge_course.standing import Standing
from nbjudge_course.submission import Snapshot, Submission
from nbjudge_course.terms import Terms
from nbjudge_course.wire import Job, Result
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from nbjudge_grader_service.store import reads, writes
from nbjudge_grader_service.store.database_faults import fault_of
from nbjudge_grader_service.store.engines import READERS, Engines, open_engines
from nbjudge_grader_service.store.group_commit import GroupCommit
from nbjudge_grader_service.store.migrate import migrate
from nbjudge_grader_service.store.port import Accepted, Graded, Recent, Recorded, Store, Withdrawn

T = TypeVar("T")
RESERVE_BYTES = 16 * MIB
_FREE = Terms()


class SqlStore:
    """Keeps the promises of the port. Its methods may be awaited in any event loop."""

    def __init__(
        self, engines: Engines, reserve_bytes: int, committed: Callable[[float], object]
    ) -> None:
        self._engines = engines
        self._reserve_bytes = reserve_bytes
        self._writer = GroupCommit(engines.writer, committed)
        self._readers = ThreadPoolExecutor(READERS, "nbjudge-store-reader")
        self._statements = reads.Statements()
        self._closed = False

    @classmethod
    def open(
        cls,
        url: str,
        *,
        patience_seconds: float = 5.0,
        reserve_bytes: int = RESERVE_BYTES,
        committed: Callable[[float], object] = lambda _: None,
    ) -> Store:
        """Open the database, make or migrate its tables. Blocks: call it before serving.

        `url` is `sqlite:////path/nbjudge.db` or `postgresql://user:password@host/name`. For
        `patience_seconds` a write waits for a lock, or a connection for the server. The last
        `reserve_bytes` of an SQLite file's disk are kept for verdicts. `committed` is told how
        many seconds each transaction took, in the thread that writes. Raise ValueError for
        another URL, Unavailable or NoSpace, and NbjudgeError when a newer nbjudge made the tables.
        """
        engines = open_engines(url, patience_seconds)
        with ExitStack() as undo:
            undo.callback(engines.dispose)
            try:
                migrate(engines.writer)
            except SQLAlchemyError as error:
                raise fault_of(error) from error
            undo.pop_all()
        return cls(engines, reserve_bytes, committed)

    async def accept(
        self,
        submission: Submission,
        *,
        deduction: float = 0.0,
        attempts: int | None = None,
        replaces: str | None = None,
    ) -> Accepted:
        """Write the submission; when this returns, it is on disk."""

        def write(connection: Connection) -> Accepted:
            self._demand_room()
            return writes.accept(connection, submission, deduction, attempts, replaces)

        return await self._writer.run(write)

    async def recent(self, student: str, submission: str, replaces: str | None = None) -> Recent:
        """Return what admission needs to know."""
        return await self._read(lambda c: reads.recent(c, student, submission, replaces))

    async def snapshot(self, student: str, submission: str) -> Snapshot | None:
        """Return the student's submission."""
        return await self._read(lambda c: reads.snapshot(c, student, submission))

    async def snapshots(
        self, student: str, *, problem: str | None = None, limit: int = 50
    ) -> list[Snapshot]:
        """Return the student's submissions, the newest first."""
        return await self._read(lambda c: reads.snapshots(c, student, problem, limit))

    async def changes(self, student: str, after: int, limit: int = 500) -> list[Snapshot]:
        """Return what has changed since that revision."""
        return await self._read(lambda c: reads.changes(c, student, after, limit))

    async def revision(self, student: str) -> int:
        """Return the student's last revision."""
        return await self._read(lambda c: reads.revision(c, student))

    async def record(self, results: Sequence[Result]) -> Recorded:
        """Write verdicts, the first of each submission."""
        if not results:
            return Recorded([], [])
        return await self._writer.run(lambda c: writes.record(c, results))

    async def cancel(self, student: str, submission: str) -> Withdrawn | None:
        """Give the student's submission the verdict `cancelled`, if it has none."""
        return await self._writer.run(lambda c: writes.cancel(c, student, submission))

    async def open_jobs(self, limit: int = 1000, after: float | None = None) -> list[Job]:
        """Return the submissions without a verdict."""
        return await self._read(lambda c: reads.open_jobs(c, limit, after))

    async def open_count(self) -> int:
        """Return how many submissions have no verdict."""
        return await self._read(reads.open_count)

    async def graded_since(self, at: float, limit: int = 20_000) -> list[Graded]:
        """Return the latest verdicts."""
        return await self._read(lambda c: reads.graded_since(c, at, limit))

    async def graded_count(self, since: float) -> int:
        """Return how many verdicts are newer."""
        return await self._read(lambda c: reads.graded_count(c, since))

    async def retry(self, submission: str) -> Job | None:
        """Take back an internal_error."""
        return await self._writer.run(lambda c: writes.retry(c, submission))

    async def publish(self, problem: Problem, terms: Terms = _FREE) -> bool:
        """Make this version of the problem the live one."""

        def write(connection: Connection) -> bool:
            self._demand_room()
            return writes.publish(connection, problem, terms)

        return await self._writer.run(write)

    async def statements(self) -> list[Statement]:
        """Return the live version of every problem."""
        return await self._read(self._statements.read)

    async def statement(self, problem: str) -> Statement | None:
        """Return the live version of the problem."""
        found = await self._read(lambda c: self._statements.read(c, problem))
        return found[0] if found else None

    async def problem(self, version: str) -> Problem | None:
        """Return the problem with this digest."""
        return await self._read(lambda c: reads.problem(c, version))

    async def graded_on(self, version: str) -> int:
        """Return how many submissions are bound to this version."""
        return await self._read(lambda c: reads.graded_on(c, version))

    async def put_outline(self, outline: Outline) -> None:
        """Make these the sets of the course."""

        def write(connection: Connection) -> None:
            self._demand_room()
            writes.put_outline(connection, outline)

        await self._writer.run(write)

    async def outline(self) -> Outline:
        """Return the sets of the course."""
        return await self._read(reads.outline)

    async def standings(self, student: str) -> list[Standing]:
        """Return the student's best results and counted attempts."""
        return await self._read(lambda c: reads.standings(c, student))

    async def ping(self) -> None:
        """Raise Unavailable unless the database can be written."""

        def write(connection: Connection) -> None:
            self._demand_room()
            writes.touch(connection)

        await self._writer.run(write)

    async def close(self) -> None:
        """Finish what was begun and close all connections."""
        self._closed = True
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        self._writer.close()
        self._readers.shutdown()
        self._engines.dispose()

    async def _read(self, read: Callable[[Connection], T]) -> T:
        if self._closed:
            raise Unavailable("the store is closed")
        return await asyncio.wrap_future(self._readers.submit(self._answer, read))

    def _answer(self, read: Callable[[Connection], T]) -> T:
        try:
            with self._engines.reader.connect() as connection:
                return read(connection)
        except SQLAlchemyError as error:
            raise fault_of(error) from error

    def _demand_room(self) -> None:
        folder = self._engines.folder
        if folder is not None and _free_bytes(folder) < self._reserve_bytes:
            raise NoSpace("the disk of the database is nearly full")


def _free_bytes(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError as error:
        raise Unavailable(f"the folder of the database does not answer: {error}") from error
