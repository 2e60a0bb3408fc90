"""The queue on Redis streams (Redis >= 6.2 or Valkey), with the traps of redis-py defused.

- No command is repeated behind our back: a lost reply is a fault that the caller sees, and what
  the caller then repeats is harmless (scripts keyed on submission and attempt, XACK, XDEL, SET).
- A blocking read waits shorter than the socket's timeout.
- A connection that comes back yields Resync, because messages may have been missed.
"""

import asyncio
import logging
import os
import secrets
import socket
import time
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

from nbjudge_course.errors import BadMessage, Unavailable
from nbjudge_course.problem import Problem
from nbjudge_course.wire import (
    DEAD,
    EVENTS,
    JOBS,
    RESULTS,
    SERVICE,
    WANTED,
    WORKERS,
    Event,
    Job,
    Result,
    WorkerReport,
    cancel_key,
    current_key,
    decode,
    encode,
    problem_key,
    queued_key,
    worker_key,
)
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from nbjudge_grader_service.queue.entries import letter_of, worker_that_told
from nbjudge_grader_service.queue.port import DeadLetter, EntryId, Load, Resync

logger = logging.getLogger(__name__)

SOCKET_TIMEOUT_SECONDS = 10.0
MAX_BLOCK_SECONDS = 2.0
CONNECTIONS = 64
"""When a class submits in one second, those beyond wait for a free one."""
QUEUED_SECONDS = 24 * 3600
CANCEL_SECONDS = 3600
PROBLEM_SECONDS = 14 * 24 * 3600
DEAD_LETTERS = 1000
PLACES = 500
"""So many places in the queue are asked for at once."""
RECONNECT_SECONDS = (0.05, 1.0)
"""The first and the longest pause before a lost subscription is tried again."""
SILENCE_SECONDS = 6.0
"""A subscription that answers no ping for so long leads nowhere, although nobody has closed it."""


class RedisQueue:
    """The real queue. Construct it inside the event loop that uses it."""

    def __init__(self, url: str, *, stale_seconds: float = 2.0) -> None:
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=SOCKET_TIMEOUT_SECONDS,
            protocol=2,
            socket_timeout=SOCKET_TIMEOUT_SECONDS,
            socket_connect_timeout=2.0,
            health_check_interval=15,
            retry=Retry(NoBackoff(), 0),
        )
        # Any, because redis-py has no types for commands by name nor for bytes as replies.
        self._redis: Any = Redis.from_pool(pool)
        self._stale_seconds = stale_seconds
        self._reclaimed_at = float("-inf")
        self._consumer = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
        self._enqueue = self._redis.register_script(_source("enqueue.lua"))
        self._known = self._redis.register_script(_source("known.lua"))
        self._load = self._redis.register_script(_source("load.lua"))
        self._clock = self._redis.register_script(_source("clock.lua"))
        self._cancel = self._redis.register_script(_source("cancel.lua"))
        self._begun = self._redis.register_script(_source("begun.lua"))
        self._positions = self._redis.register_script(_source("positions.lua"))

    async def enqueue(self, job: Job) -> bool:
        """Hand one attempt to the workers, by one script."""
        submission = job.submission.id
        keys = [JOBS, queued_key(submission)]
        with _available():
            return bool(
                await self._enqueue(
                    keys=keys, args=[submission, job.attempt, encode(job), QUEUED_SECONDS]
                )
            )

    async def forget(self, submission: str) -> None:
        """Drop the note that it was handed over."""
        with _available():
            await self._redis.execute_command("DEL", queued_key(submission))

    async def results(self, limit: int, block_seconds: float) -> list[tuple[EntryId, Result]]:
        """Wait for results; now and then look first for those that another process left behind."""
        with _available():
            try:
                entries = await self._stale(limit) or await self._fresh(limit, block_seconds)
            except ResponseError as error:
                if not str(error).startswith("NOGROUP"):
                    raise
                await self._make_group()
                return []
            return [pair for pair in [await self._read(entry) for entry in entries] if pair]

    async def _stale(self, limit: int) -> list[Any]:
        now = time.monotonic()
        if now - self._reclaimed_at < self._stale_seconds:
            return []
        await self._clock(keys=[RESULTS], args=[SERVICE])
        reply = await self._redis.execute_command(
            *("XAUTOCLAIM", RESULTS, SERVICE, self._consumer, int(self._stale_seconds * 1000)),
            *("0-0", "COUNT", limit),
        )
        entries = [entry for entry in reply[1] if entry[0] is not None and entry[1] is not None]
        if not entries:
            self._reclaimed_at = now
        return entries

    async def _fresh(self, limit: int, block_seconds: float) -> list[Any]:
        block = max(1, int(min(block_seconds, MAX_BLOCK_SECONDS) * 1000))
        reply = await self._redis.execute_command(
            *("XREADGROUP", "GROUP", SERVICE, self._consumer, "COUNT", limit, "BLOCK", block),
            *("STREAMS", RESULTS, ">"),
        )
        return list(reply[0][1]) if reply else []

    async def _make_group(self) -> None:
        try:
            await self._redis.execute_command("XGROUP", "CREATE", RESULTS, SERVICE, "0", "MKSTREAM")
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise

    async def _read(self, entry: tuple[bytes, dict[bytes, bytes]]) -> tuple[EntryId, Result] | None:
        name, fields = EntryId(entry[0].decode()), entry[1]
        try:
            return name, decode(fields.get(b"result", b""), Result)
        except BadMessage:
            logger.exception("A result cannot be read and is put to the dead letters")
            await self._redis.execute_command(
                *("XADD", DEAD, "MAXLEN", "~", DEAD_LETTERS, "*", "id", fields.get(b"id", b"")),
                *("reason", "unreadable result"),
            )
            await self.done([name])
            return None

    async def done(self, entries: Sequence[EntryId], events: Sequence[Event] = ()) -> None:
        """Acknowledge and delete the results and publish the events, in one transaction."""
        if not entries and not events:
            return
        with _available():
            async with self._redis.pipeline(transaction=True) as together:
                if entries:
                    together.execute_command("XACK", RESULTS, SERVICE, *entries)
                    together.execute_command("XDEL", RESULTS, *entries)
                for event in events:
                    together.execute_command("PUBLISH", EVENTS, encode(event))
                try:
                    await together.execute()
                except ResponseError as error:
                    if not str(error).startswith("NOGROUP"):
                        raise

    async def known(self, submissions: Collection[str]) -> set[str]:
        """Look at jobs and results in one step."""
        if not submissions:
            return set()
        keys = [JOBS, RESULTS, *map(queued_key, submissions)]
        with _available():
            found = await self._known(keys=keys, args=list(submissions))
        return {name.decode() for name in found}

    async def positions(self) -> dict[str, int]:
        """Read the queue page by page, so that a long one keeps nobody else waiting."""
        names: list[bytes] = []
        after: bytes | str = ""
        with _available():
            while True:
                after, *page = await self._positions(keys=[JOBS], args=[WORKERS, after, PLACES])
                names += page
                if len(page) < PLACES:
                    break
        places: dict[str, int] = {}
        for name in names:
            places.setdefault(name.decode(), len(places))
        return places

    async def length(self) -> int:
        """Return how many jobs wait or run; finished ones are deleted from the stream."""
        with _available():
            return int(await self._redis.execute_command("XLEN", JOBS))

    async def load(self) -> Load:
        """Look at jobs and dead letters in one step."""
        with _available():
            waiting, running, waited, dead = await self._load(keys=[JOBS, DEAD], args=[WORKERS])
        oldest = None if waited < 0 else waited / 1000
        return Load(waiting=waiting, running=running, oldest_waiting_seconds=oldest, dead=dead)

    async def workers(self) -> list[WorkerReport]:
        """Return those of the group's consumers that have told lately that they live."""
        with _available():
            try:
                consumers = await self._redis.xinfo_consumers(JOBS, WORKERS)
            except ResponseError:
                return []
            keys = [worker_key(consumer["name"].decode()) for consumer in consumers]
            reports = await self._redis.execute_command("MGET", *keys) if keys else []
        return [worker_that_told(report) for report in reports if report is not None]

    async def dead(self, limit: int = 100) -> list[DeadLetter]:
        """Return the jobs that were given up, the newest first."""
        with _available():
            entries = await self._redis.xrevrange(DEAD, count=limit)
        return [letter_of(name, fields) for name, fields in entries]

    async def cancel(self, submission: str) -> None:
        """Leave a note that the worker's heartbeat finds, or take the job back, by one script."""
        keys = [JOBS, queued_key(submission), cancel_key(submission)]
        with _available():
            await self._cancel(keys=keys, args=[WORKERS, CANCEL_SECONDS])

    async def begun(self, submission: str) -> bool:
        """Look for its job, and for the worker that holds it."""
        with _available():
            return bool(await self._begun(keys=[JOBS, queued_key(submission)], args=[WORKERS]))

    async def publish(self, event: Event) -> None:
        """Tell every service process."""
        with _available():
            await self._redis.execute_command("PUBLISH", EVENTS, encode(event))

    async def events(self) -> AsyncIterator[Event | Resync]:
        """Yield events for ever; what cannot be read was meant for another version."""
        async for data in self._listen(EVENTS):
            if data is None:
                yield Resync()
                continue
            try:
                yield decode(data, Event)  # type: ignore[arg-type]  # a union is no type[T]
            except BadMessage as error:
                logger.warning("An event is passed over: %s", error)

    async def put_problem(self, problem: Problem) -> None:
        """Keep the problem for some days; a worker that misses it asks."""
        with _available():
            await self._redis.execute_command(
                "SET", problem_key(problem.digest), encode(problem), "EX", PROBLEM_SECONDS
            )

    async def put_current(self, problem: str, version: str) -> None:
        """Note which version of the problem is live."""
        with _available():
            await self._redis.execute_command("SET", current_key(problem), version)

    async def current(self, problem: str) -> str | None:
        """Return the digest of the live version, if it is noted here."""
        with _available():
            version = await self._redis.execute_command("GET", current_key(problem))
        return None if version is None else version.decode()

    async def wanted(self) -> AsyncIterator[str]:
        """Yield the digests that workers miss."""
        async for data in self._listen(WANTED):
            if data is not None:
                yield data.decode("ascii", errors="replace")

    async def _listen(self, channel: str) -> AsyncIterator[bytes | None]:
        """Yield what is published on the channel, and None at each (re)subscription."""
        shortest, longest = RECONNECT_SECONDS
        pause = shortest
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.subscribe(channel)
                    async for message in _heard(subscription):
                        pause = shortest
                        yield message["data"] if message["type"] == "message" else None
            except (RedisError, OSError) as error:
                logger.warning("The subscription to %s is lost: %s", channel, error)
            await asyncio.sleep(pause)
            pause = min(2 * pause, longest)

    async def close(self) -> None:
        """Close all connections."""
        await self._redis.aclose()


async def _heard(subscription: PubSub) -> AsyncIterator[dict[str, Any]]:
    """Yield what comes. Raise ConnectionError when not even pings are answered any more.

    A cable that was pulled, or a router that has forgotten us, closes no connection.
    """
    heard_at = time.monotonic()
    while time.monotonic() - heard_at < SILENCE_SECONDS:
        message = await subscription.get_message(timeout=MAX_BLOCK_SECONDS)
        if message is None:
            await subscription.ping()
            continue
        heard_at = time.monotonic()
        if message["type"] != "pong":
            yield message
    raise ConnectionError("it is silent")


@contextmanager
def _available() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:
        raise Unavailable(f"the queue does not answer: {error}") from error


def _source(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
