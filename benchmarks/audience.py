"""Many open notebooks, as cheap as can be: each a websocket that comes back by itself."""

import asyncio
import contextlib
import os
import random
import sys
import uuid
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Self

import redis
from live_socket import CLOSE, TEXT, decode_frame, hear, post, shake_hands
from nbjudge_course.submission import NewSubmission, Snapshot
from nbjudge_course.verdict import Verdict
from nbjudge_course.wire import (
    JOBS,
    RESULTS,
    Frame,
    HelloFrame,
    Job,
    Result,
    SubmissionFrame,
    decode,
    encode,
    encode_json,
)

if sys.platform != "win32":
    import resource

_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.5, 15.0
_AT_ONCE = 100


class Audience:
    """Notebooks of so many students at one service."""

    def __init__(self, port: int, tokens: Collection[str]) -> None:
        self._port, self._tokens = port, list(tokens)
        self.notebooks: list[OpenNotebook] = []

    async def __aenter__(self) -> Self:
        """Open them, a hundred at a time, until each was greeted."""
        for start in range(0, len(self._tokens), _AT_ONCE):
            some = self._tokens[start : start + _AT_ONCE]
            self.notebooks += [OpenNotebook(self._port, token) for token in some]
            await self.online()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.gather(*(one.close() for one in self.notebooks))

    async def online(self) -> None:
        """Wait until all are connected."""
        await asyncio.gather(*(one.online.wait() for one in self.notebooks))

    async def submit(self, problem: str, source: str = "pass") -> None:
        """Submit once from each notebook."""
        for start in range(0, len(self.notebooks), _AT_ONCE):
            some = self.notebooks[start : start + _AT_ONCE]
            await asyncio.gather(*(one.submit(problem, source) for one in some))

    async def whole(self) -> None:
        """Wait until each has the verdicts of all that it submitted."""
        while any(one.submitted - one.verdicts.keys() for one in self.notebooks):
            await asyncio.sleep(0.05)


def grade_all(server: "redis.Redis", verdict: Verdict) -> int:
    """Give everything in the queue this verdict, as workers would. Return how many there were."""
    with server.pipeline(transaction=False) as together:
        entries = server.xrange(JOBS)
        for name, fields in entries:
            job = decode(fields[b"job"], Job)
            result = Result(
                submission=job.submission.id, attempt=job.attempt, worker="w", verdict=verdict
            )
            together.xadd(RESULTS, {"id": result.submission, "result": encode(result)})
            together.xdel(JOBS, name)
        together.execute()
    return len(entries)


def held_bytes(pid: int) -> int:
    """Return the memory that a process holds: its share of what it has in common counts (PSS)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise LookupError(f"/proc/{pid}/smaps_rollup has no Pss")


def cpu_seconds(pid: int) -> float:
    """Return the CPU time of a process so far."""
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def allow_many_files() -> None:
    """Let this process hold as many connections as it may."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class OpenNotebook:
    """One student's live connection, kept up until `close`; after a loss it backs off."""

    def __init__(self, port: int, token: str) -> None:
        self.revision = 0
        """The last one that it was told."""
        self.verdicts: Counter[str] = Counter()
        """How often the verdict of a submission was told."""
        self.latest: Snapshot | None = None
        """What it was told last."""
        self.submitted: set[str] = set()
        self.online = asyncio.Event()
        self._port, self._token = port, token
        self._running = asyncio.create_task(self._run())

    async def submit(self, problem: str, source: str = "pass") -> None:
        """Submit, on a connection of its own."""
        new = NewSubmission(id=uuid.uuid4().hex, problem=problem, source=source)
        body = encode_json(new)
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(post(self._port, self._token, body))
            head = await reader.readuntil(b"\r\n\r\n")
        finally:
            writer.close()
        if b" 202 " not in head.splitlines()[0]:
            raise ConnectionError(head.decode())
        self.submitted.add(new.id)

    async def close(self) -> None:
        """Hang up, for good."""
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        longest = _FIRST_PAUSE_SECONDS
        while True:
            with contextlib.suppress(OSError, EOFError):
                await self._listen()
            if self.online.is_set():
                longest = _FIRST_PAUSE_SECONDS
            self.online.clear()
            await asyncio.sleep(random.uniform(0, longest))
            longest = min(2 * longest, _LONGEST_PAUSE_SECONDS)

    async def _listen(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            await shake_hands(reader, writer, self._port, self._token, self.revision)
            while True:
                kind, data = await hear(reader, writer)
                if kind == CLOSE:
                    raise ConnectionResetError
                if kind == TEXT:
                    self._take(decode_frame(data))
        finally:
            writer.close()

    def _take(self, frame: Frame) -> None:
        if isinstance(frame, HelloFrame):
            self.online.set()
        elif isinstance(frame, SubmissionFrame):
            self.revision = max(self.revision, frame.submission.revision)
            self.latest = frame.submission
            if frame.submission.verdict is not None:
                self.verdicts[frame.submission.id] += 1
