"""Students who do not give up, and who write down all that they were told.

A post is repeated with the same id until it has a final answer. The live connection comes back by
itself, to any process of the service, and says the last revision that it saw.
"""

import asyncio
import random
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import coursework
from nbjudge_course.submission import NewSubmission, Snapshot, State
from nbjudge_course.verdict import Status
from nbjudge_course.wire import Frame, SubmissionFrame, decode_json, encode_json
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.websocket import WebSocketError, websocket_connect

_FINAL = {200, 202}
_PAUSE_SECONDS = (0.1, 2.0)
_ANSWER_SECONDS = 8.0
IMPATIENT, MISTAKEN = 0.04, 0.04
"""Of all submissions: shares of those given up at the first trouble, and those not acceptable."""


@dataclass
class Sent:
    """One submission, as its student knows it."""

    id: str
    kind: Status | None
    """What its verdict must be; None for one that must never be accepted."""
    tag: str
    statuses: list[int] = field(default_factory=list)
    """What the posts were answered; 0 where nobody knows what became of them."""
    accepted_at: float | None = None
    seen_at: float | None = None
    """When its verdict was first shown."""

    @property
    def accepted(self) -> bool:
        """Whether the student was told that it is in."""
        return bool(_FINAL & set(self.statuses))

    @property
    def not_accepted(self) -> bool:
        """Whether the student was told each time that it is not in."""
        return bool(self.statuses) and not self.accepted and 0 not in self.statuses


@dataclass(frozen=True)
class Seen:
    """A submission as one frame of one connection showed it."""

    connection: int
    snapshot: Snapshot


@dataclass
class Journal:
    """All that one student did and saw."""

    student: str
    sent: dict[str, Sent] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    view: dict[str, Snapshot] = field(default_factory=dict)
    """The newest that he was shown of each submission."""


class Student:
    """One student with one open notebook."""

    def __init__(self, name: str, token: str, urls: Sequence[str], seed: str) -> None:
        self.journal = Journal(name)
        self._headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
        self._urls = urls
        self._random = random.Random(seed)
        self._revision = 0
        self._connections = 0
        self._client = SimpleAsyncHTTPClient(force_instance=True)

    async def hand_in(self, count: int, seconds: float) -> None:
        """Submit so often, spread over the time."""
        began = time.monotonic()
        for number in range(count):
            due = began + seconds * (number + self._random.random()) / count
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            await self._submit()

    async def hand_in_each(self) -> None:
        """Submit one of each kind."""
        for kind in coursework.KINDS:
            await self._post(*self._new(kind), patient=True)

    async def _submit(self) -> None:
        lot = self._random.random()
        if lot < MISTAKEN:
            await self._post(*self._unacceptable(), patient=True)
            return
        weights = [coursework.OFTEN.get(kind, 1) for kind in coursework.KINDS]
        (kind,) = self._random.choices(coursework.KINDS, weights)
        await self._post(*self._new(kind), patient=lot > MISTAKEN + IMPATIENT)

    def _new(self, kind: Status) -> tuple[Sent, NewSubmission]:
        tag = f"tag-{self._random.getrandbits(64):016x}"
        sent = Sent(uuid.UUID(int=self._random.getrandbits(128)).hex, kind, tag)
        source = coursework.source(kind, tag)
        return sent, NewSubmission(id=sent.id, problem=coursework.PROBLEM.id, source=source)

    def _unacceptable(self) -> tuple[Sent, NewSubmission]:
        sent, new = self._new(Status.ACCEPTED)
        sent.kind = None
        changes = {"problem": "no-such"}, {"language": "cobol"}, {"source": "x" * 70_000}
        fields = {"id": new.id, "problem": new.problem, "source": new.source}
        return sent, NewSubmission(**fields | self._random.choice(changes))

    async def _post(self, sent: Sent, new: NewSubmission, *, patient: bool) -> None:
        """Post until there is a final answer, or only once."""
        self.journal.sent[sent.id] = sent
        pause, longest = _PAUSE_SECONDS
        while True:
            status = await self._answer(encode_json(new))
            sent.statuses.append(status)
            if status in _FINAL:
                sent.accepted_at = time.monotonic()
            if not patient or (0 < status < 500 and status != 429):
                return
            await asyncio.sleep(self._random.uniform(0, pause))
            pause = min(2 * pause, longest)

    async def _answer(self, body: bytes) -> int:
        """Return the status of one post, 0 when no answer came."""
        url = f"{self._random.choice(self._urls)}/api/submissions"
        request = HTTPRequest(
            url,
            method="POST",
            headers=self._headers,
            body=body,
            connect_timeout=2.0,
            request_timeout=_ANSWER_SECONDS,
        )
        try:
            answer = await self._client.fetch(request, raise_error=False)
        except (HTTPClientError, OSError):
            return 0
        return 0 if answer.code == 599 else answer.code

    async def watch(self) -> None:
        """Hold a live connection, for ever."""
        pause, longest = _PAUSE_SECONDS
        while True:
            with suppress(HTTPClientError, WebSocketError, OSError, TimeoutError):
                await self._watch_once()
                pause = _PAUSE_SECONDS[0]
            await asyncio.sleep(self._random.uniform(0, pause))
            pause = min(2 * pause, longest)

    async def _watch_once(self) -> None:
        url = self._random.choice(self._urls).replace("http", "ws")
        request = HTTPRequest(
            f"{url}/api/live?revision={self._revision}",
            headers=self._headers,
            connect_timeout=3.0,
            request_timeout=3.0,
        )
        live = await websocket_connect(request, ping_interval=3.0, ping_timeout=3.0)
        self._connections += 1
        try:
            while (message := await live.read_message()) is not None:
                frame: Frame = decode_json(message, Frame)  # type: ignore[arg-type]  # a union
                if isinstance(frame, SubmissionFrame):
                    self._see(frame.submission)
        finally:
            live.close()

    def _see(self, snapshot: Snapshot) -> None:
        self.journal.seen.append(Seen(self._connections, snapshot))
        self._revision = max(self._revision, snapshot.revision)
        before = self.journal.view.get(snapshot.id)
        if before is None or snapshot.revision >= before.revision:
            self.journal.view[snapshot.id] = snapshot
        sent = self.journal.sent.get(snapshot.id)
        if sent is not None and sent.seen_at is None and snapshot.state is State.DONE:
            sent.seen_at = time.monotonic()

    def missing(self) -> int:
        """Return how many submissions were accepted and show no verdict yet."""
        sent = self.journal.sent.values()
        return sum(one.accepted and one.seen_at is None for one in sent)

    def close(self) -> None:
        """Close what is left open."""
        self._client.close()
