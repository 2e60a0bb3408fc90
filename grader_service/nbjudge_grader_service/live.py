"""Live connections: each student's websockets get what has changed, in order, and nothing twice.

Events are doorbells; the database is what is replayed. Progress and places in the queue are only
held in memory, for losing them does no harm.
"""

import asyncio
import logging
import time
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from typing import Protocol

import msgspec
from nbjudge_course.errors import Unavailable
from nbjudge_course.submission import Progress, Snapshot, State
from nbjudge_course.wire import (
    ChangedEvent,
    Frame,
    HelloFrame,
    ProblemFrame,
    ProgressEvent,
    PublishedEvent,
    SubmissionFrame,
)

from nbjudge_grader_service.queue import Queue, Resync
from nbjudge_grader_service.store import Store

logger = logging.getLogger(__name__)

_REMEMBERED = 20_000
POSITIONS_SECONDS = 0.5
_LOOKS_APART = 10.0
"""The pause between two looks at the queue, as a multiple of what one takes."""
_PAGE = 100
_LOOKED_AT = 50
"""So many of the newest submissions are looked at for open ones, when a student connects."""


class Listener(Protocol):
    """One connection to a student."""

    student: str
    revision: int
    """The last revision that was sent on it."""

    def send(self, frame: Frame) -> None:
        """Send a frame; never waits and never raises."""
        ...

    async def drained(self) -> bool:
        """Wait until most of what was sent has been read. False when the connection is gone."""
        ...


class Hub:
    """Who is connected, and what they are told."""

    def __init__(
        self,
        store: Store,
        queue: Queue,
        wait_seconds: Callable[[int], float | None] = lambda _: None,
    ) -> None:
        """`wait_seconds` tells how long so many jobs take, if that is known."""
        self._store, self._queue = store, queue
        self._wait_seconds = wait_seconds
        self._listeners: dict[str, list[Listener]] = defaultdict(list)
        self._locks: dict[str, asyncio.Lock] = {}
        self._running: OrderedDict[str, tuple[int, Progress]] = OrderedDict()
        self._positions: dict[str, int] = {}
        self._look_again_at = float("-inf")
        self._behind: set[str] = set()
        self._queued: dict[str, dict[str, Snapshot]] = defaultdict(dict)
        self.on_change: list[Callable[[str], object]] = []
        """Called with the name of a student of whose submissions one has changed."""
        self.on_publish: list[Callable[[str], object]] = []
        """Called with the id of a problem that has a new version."""

    def present(self, snapshot: Snapshot) -> Snapshot:
        """Return the snapshot with what is known of it now: its progress, or its place."""
        if snapshot.state is State.DONE:
            return snapshot
        attempt, progress = self._running.get(snapshot.id, (-1, None))
        if attempt >= snapshot.attempt:  # else it was running before it was tried again
            return msgspec.structs.replace(
                snapshot, state=State.RUNNING, attempt=attempt, progress=progress
            )
        return self.placed(snapshot, self._positions.get(snapshot.id))

    def placed(self, snapshot: Snapshot, position: int | None) -> Snapshot:
        """Return the snapshot of what waits with its place, and how long that may take."""
        wait = None if position is None else self._wait_seconds(position + 1)
        told = None if wait is None else float(round(wait))
        return msgspec.structs.replace(snapshot, position=position, wait_seconds=told)

    async def join(self, listener: Listener) -> None:
        """Greet a new connection, replay what it missed, and keep it. Raises Unavailable."""
        revision = await self._store.revision(listener.student)
        if listener.revision > revision:  # of another database, or of before a restore
            listener.revision = 0
        listener.send(HelloFrame(student=listener.student, revision=revision))
        if not await self._replay_to(listener):
            return
        self._listeners[listener.student].append(listener)
        await self._note_open(listener)
        await self._replay(listener.student)

    def leave(self, listener: Listener) -> None:
        """Forget a connection."""
        listeners = self._listeners.get(listener.student, [])
        if listener in listeners:
            listeners.remove(listener)
        if not listeners:
            for table in (self._listeners, self._locks, self._queued):
                table.pop(listener.student, None)
            self._behind.discard(listener.student)

    def listeners(self) -> list[Listener]:
        """Return all connections."""
        return [one for listeners in self._listeners.values() for one in listeners]

    async def changed(self, student: str) -> None:
        """Something of this student is new in the database."""
        for callback in self.on_change:
            callback(student)
        if student in self._listeners:
            await self._replay(student)

    async def run(self) -> None:
        """Pass events on, for ever."""
        async for event in self._queue.events():
            try:
                await self._handle(event)
            except Unavailable as error:
                logger.warning("Could not pass an event on: %s", error)

    async def run_positions(self) -> None:
        """Tell those who wait their place in the queue, for ever; and what could not be told."""
        while True:
            await asyncio.sleep(POSITIONS_SECONDS)
            try:
                for student in list(self._behind):
                    await self._replay(student)
                if any(self._queued.values()):
                    await self.look()
            except Unavailable as error:
                logger.warning("Could not tell what is new: %s", error)
            self._tell_positions()

    async def look(self) -> None:
        """See who waits where, unless that was seen a moment ago. Raises Unavailable.

        A long queue takes longer to look at, so that is done less often.
        """
        now = time.monotonic()
        if now >= self._look_again_at:
            self._look_again_at = now + POSITIONS_SECONDS / 2
            self._positions = await self._queue.positions()
            took = time.monotonic() - now
            self._look_again_at = max(self._look_again_at, now + _LOOKS_APART * took)

    async def _handle(self, event: ProgressEvent | ChangedEvent | PublishedEvent | Resync) -> None:
        match event:
            case Resync():
                self._behind.update(self._listeners)  # all of them, if the database is away now
                for student in list(self._listeners):
                    await self._replay(student)
            case ChangedEvent(student=student):
                await self.changed(student)
            case ProgressEvent():
                self._progressed(event)
            case PublishedEvent(problem=problem, version=version):
                for callback in self.on_publish:
                    callback(problem)
                for listener in self.listeners():
                    listener.send(ProblemFrame(problem=problem, version=version))

    def _progressed(self, event: ProgressEvent) -> None:
        self._running[event.submission] = (event.attempt, event.progress)
        while len(self._running) > _REMEMBERED:
            self._running.popitem(last=False)
        snapshot = self._queued.get(event.student, {}).get(event.submission)
        if snapshot is not None:
            self._send(event.student, self.present(snapshot))

    async def _replay_to(self, listener: Listener) -> bool:
        """Send a new connection what it missed, as fast as it reads. False when it is gone."""
        while True:
            changes = await self._store.changes(listener.student, listener.revision, _PAGE)
            for snapshot in changes:
                listener.revision = snapshot.revision
                listener.send(SubmissionFrame(submission=self.present(snapshot)))
                if not await listener.drained():
                    return False
            if len(changes) < _PAGE:
                return await listener.drained()

    async def _note_open(self, listener: Listener) -> None:
        """Keep in mind what is open, and tell how far it is: progress counts no revision."""
        student = listener.student
        async with self._locks.setdefault(student, asyncio.Lock()):
            for snapshot in await self._store.snapshots(student, limit=_LOOKED_AT):
                self._note(student, snapshot)
                if snapshot.id in self._running and snapshot.revision <= listener.revision:
                    listener.send(SubmissionFrame(submission=self.present(snapshot)))

    async def _replay(self, student: str) -> None:
        """Send every connection of the student what it has not seen, in order."""
        self._behind.add(student)  # until it is done: the database may be away
        await self._replay_to_all(student)
        self._behind.discard(student)

    async def _replay_to_all(self, student: str) -> None:
        async with self._locks.setdefault(student, asyncio.Lock()):
            listeners = self._listeners.get(student, [])
            while listeners:
                oldest = min(listener.revision for listener in listeners)
                changes = await self._store.changes(student, oldest, _PAGE)
                for snapshot in changes:
                    self._note(student, snapshot)
                    self._send_change(student, snapshot)
                if len(changes) < _PAGE:
                    return
                listeners = self._listeners.get(student, [])

    def _note(self, student: str, snapshot: Snapshot) -> None:
        if snapshot.state is State.DONE:
            self._queued.get(student, {}).pop(snapshot.id, None)
            self._running.pop(snapshot.id, None)
        elif student in self._listeners:
            self._queued[student][snapshot.id] = snapshot

    def _send_change(self, student: str, snapshot: Snapshot) -> None:
        frame = SubmissionFrame(submission=self.present(snapshot))
        for listener in list(self._listeners.get(student, [])):
            if listener.revision < snapshot.revision:
                listener.revision = snapshot.revision
                listener.send(frame)

    def _send(self, student: str, snapshot: Snapshot) -> None:
        for listener in list(self._listeners.get(student, [])):
            listener.send(SubmissionFrame(submission=snapshot))

    def _tell_positions(self) -> None:
        for student, queued in list(self._queued.items()):
            for submission, snapshot in list(queued.items()):
                position = self._positions.get(submission)
                if position != snapshot.position and submission not in self._running:
                    queued[submission] = told = self.placed(snapshot, position)
                    self._send(student, told)
