"""What a scaler sees in Redis: the queue, who has which job, who lives; and whose its name is."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nbjudge_course.errors import BadMessage
from nbjudge_course.wire import JOBS, WORKERS, WorkerReport, decode_json, scaler_key, worker_key
from redis.exceptions import ResponseError

from nbjudge_worker.queue.connection import Connection, Reply, Script, no_error

HOLD_SECONDS = 15.0
"""So long a name stays with a scaler that is silent."""


@dataclass(frozen=True)
class Sight:
    """The queue at one moment."""

    length: int = 0
    """Jobs that wait or run; finished ones are deleted."""
    added: int | None = None
    """Jobs that were ever added; None when Redis is older than 7."""
    held: Mapping[str, int] = field(default_factory=dict)
    """How many jobs each worker has."""
    living: Mapping[str, WorkerReport] = field(default_factory=dict)
    """The workers that have told lately that they live, wherever they are."""


class Lookout:
    """One connection to Redis; every method may raise Unavailable."""

    def __init__(self, url: str, scaler: str) -> None:
        self._connection = Connection(url)
        self._key = scaler_key(scaler)
        self._me = secrets.token_hex(16)
        self._hold = Script("hold.lua", __package__)

    def look(self) -> Sight:
        """Look at the queue. What moves in between is seen with the next look.

        Lag, as XINFO GROUPS tells it, is no measure: it is NULL for good once an entry was
        deleted that nobody had read.
        """
        with no_error():
            stream = self._about("XINFO", "STREAM", JOBS)
            if not stream:
                return Sight()
            consumers = self._rows("XINFO", "CONSUMERS", JOBS, WORKERS)
            held = {one[b"name"].decode(): one[b"pending"] for one in map(_pairs, consumers)}
            return Sight(
                length=stream[b"length"],
                added=stream.get(b"entries-added"),
                held=held,
                living=dict(self._living(list(held))),
            )

    def _living(self, names: list[str]) -> Iterator[tuple[str, WorkerReport]]:
        texts = self._connection.call("MGET", *map(worker_key, names)) if names else []
        for name, text in zip(names, texts, strict=True):
            try:
                if text is not None:
                    yield name, decode_json(text, WorkerReport)
            except BadMessage:  # of another version, and alive
                yield name, WorkerReport(worker=name, sandbox="", started_at=0)

    def _about(self, *words: str) -> dict[bytes, Any]:
        return _pairs(self._rows(*words))

    def _rows(self, *words: str) -> Reply:
        try:
            return self._connection.call(*words)
        except ResponseError as error:
            if "no such key" in str(error) or str(error).startswith("NOGROUP"):
                return []
            raise

    def hold(self) -> bool:
        """Hold the scaler's name, unless another does."""
        with no_error():
            args = (self._me, int(HOLD_SECONDS * 1000))
            return bool(self._connection.run(self._hold, [self._key], args))

    def let_go(self) -> None:
        """Give the name up, so that the next one need not wait."""
        with no_error():
            if self._connection.call("GET", self._key) == self._me.encode():
                self._connection.call("DEL", self._key)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _pairs(flat: Reply) -> dict[bytes, Any]:
    return dict(zip(flat[::2], flat[1::2], strict=True))
