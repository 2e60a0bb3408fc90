"""What can be seen of the whole now, for metrics and for the status: a part that hangs is named."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import msgspec
from nbjudge_course.errors import Unavailable
from nbjudge_course.wire import WorkerReport

from nbjudge_grader_service.queue import Load, Queue
from nbjudge_grader_service.store import Store

T = TypeVar("T")
PATIENCE_SECONDS = 3.0
"""So long a part may take to answer; who scrapes metrics gives up after 10 s."""


class Observation(msgspec.Struct, frozen=True):
    """What the parts answered; None what they did not."""

    load: Load | None
    workers: list[WorkerReport] | None
    open: int | None
    """Submissions without a verdict. None when the database cannot be written, or read."""
    faults: tuple[str, ...]


async def observe(
    store: Store, queue: Queue, patience_seconds: float = PATIENCE_SECONDS
) -> Observation:
    """Ask all parts at once, and wait for none longer than the patience."""
    faults: dict[str, str] = {}

    async def asked(part: str, answer: Awaitable[T]) -> T | None:
        try:
            async with asyncio.timeout(patience_seconds):
                return await answer
        except (Unavailable, TimeoutError) as error:
            faults[part] = f"{part}: {str(error) or 'no answer in time'}"
            return None

    load, workers, open_ = await asyncio.gather(
        asked("Redis", queue.load()),
        asked("Redis", queue.workers()),
        asked("database", _open(store)),
    )
    return Observation(load, workers, open_, tuple(faults.values()))


async def _open(store: Store) -> int:
    await store.ping()
    return await store.open_count()
