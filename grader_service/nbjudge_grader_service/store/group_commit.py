"""Group commit: one thread writes whatever has gathered in one transaction, then answers everyone.

Waiting for the disk is nearly the whole cost of a transaction, so while one commit waits, the next
writes queue up, and the load itself makes the groups larger. Each write has a savepoint, so that
one that refuses leaves no trace and does not harm its neighbours.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

from nbjudge_course.errors import Unavailable
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from nbjudge_grader_service.store.database_faults import fault_of, may_pass_alone

T = TypeVar("T")
LARGEST_GROUP = 256


class _Write(Generic[T]):
    def __init__(self, work: Callable[[Connection], T]) -> None:
        self.answer: Future[T] = Future()
        self._work = work
        self._settle: Callable[[], None] = lambda: None

    def attempt(self, connection: Connection) -> None:
        """Do the work in a savepoint. Only errors of the database leave this method."""
        savepoint = connection.begin_nested()
        try:
            value = self._work(connection)
        except SQLAlchemyError:
            raise
        except Exception as refusal:  # noqa: BLE001 - it is the caller's, who gets it
            savepoint.rollback()
            self.fail_later(refusal)
        else:
            savepoint.commit()
            self._settle = lambda: self.answer.set_result(value)

    def fail_later(self, error: Exception) -> None:
        """Note what `settle` shall raise at the caller's."""
        self._settle = lambda: self.answer.set_exception(error)

    def settle(self) -> None:
        """Answer the caller; only after the commit."""
        self._settle()


class GroupCommit:
    """Owns the thread that writes."""

    def __init__(
        self, engine: Engine, committed: Callable[[float], object] = lambda _: None
    ) -> None:
        """`committed` is told the seconds of each transaction, in the thread that writes."""
        self._engine = engine
        self._committed = committed
        self._writes: SimpleQueue[_Write[Any] | None] = SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="nbjudge-store-writer", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Return what the work returns, once that is committed. Raise what it raises.

        Raise Unavailable when the database does, and once this is closed. Work that nobody waits
        for any more is left out when its turn has not come.
        """
        write = _Write(work)
        with self._closing:
            if self._closed:
                raise Unavailable("the store is closed")
            self._writes.put(write)
        return await asyncio.wrap_future(write.answer)

    def close(self) -> None:
        """Finish what was asked before, then end the thread. Blocks."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._writes.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._writes.get()) is not None:
            group, last = self._gather(first)
            wanted = [write for write in group if write.answer.set_running_or_notify_cancel()]
            self._commit(wanted)
            for write in wanted:
                write.settle()
            if last:
                return

    def _gather(self, first: _Write[Any]) -> tuple[list[_Write[Any]], bool]:
        group = [first]
        while len(group) < LARGEST_GROUP:
            try:
                write = self._writes.get_nowait()
            except Empty:
                break
            if write is None:
                return group, True
            group.append(write)
        return group, False

    def _commit(self, group: list[_Write[Any]]) -> None:
        began = time.monotonic()
        try:
            try:
                with self._engine.begin() as connection:
                    for write in group:
                        write.attempt(connection)
            finally:
                self._committed(time.monotonic() - began)
        except SQLAlchemyError as error:
            if len(group) > 1 and may_pass_alone(error):
                for write in group:
                    self._commit([write])
            else:
                for write in group:
                    write.fail_later(_caused(fault_of(error), error))
        except Exception as error:  # noqa: BLE001 - the thread must outlive every surprise
            for write in group:
                write.fail_later(error)


def _caused(fault: Exception, cause: Exception) -> Exception:
    if fault is not cause:
        fault.__cause__ = cause
    return fault
