"""From the queue to the database: every verdict is written once, then everyone is told."""

import asyncio
import logging
from collections.abc import Callable, Sequence

import msgspec
from nbjudge_course.errors import Unavailable
from nbjudge_course.verdict import Status, Verdict
from nbjudge_course.wire import Result

from nbjudge_grader_service.queue import Queue
from nbjudge_grader_service.store import Graded, Recorded, Store

logger = logging.getLogger(__name__)

_AT_ONCE = 100
_BLOCK_SECONDS = 1.0
_RETRY_SECONDS = 0.5


async def record_results(
    store: Store, queue: Queue, graded: Callable[[Sequence[Graded]], object] = lambda _: None
) -> None:
    """Record results as they come, for ever. A result is forgotten only once it is on disk.

    `graded` is told of each verdict that was written here.
    """
    while True:
        try:
            arrived = await queue.results(_AT_ONCE, _BLOCK_SECONDS)
            if arrived:
                recorded = await _recorded(store, [result for _, result in arrived])
                graded(recorded.graded)
                await queue.done([entry for entry, _ in arrived], recorded.events)
        except Unavailable as error:
            logger.warning("Could not record results, they are tried again: %s", error)
            await asyncio.sleep(_RETRY_SECONDS)


async def _recorded(store: Store, results: Sequence[Result]) -> Recorded:
    """Record them together; when one of them cannot be, the others do not suffer."""
    try:
        return await store.record(results)
    except Unavailable:
        raise
    except Exception:
        logger.exception("A group of results cannot be recorded; each is tried alone")
    alone = [await _recorded_alone(store, result) for result in results]
    return Recorded(
        [event for one in alone for event in one.events],
        [graded for one in alone for graded in one.graded],
    )


async def _recorded_alone(store: Store, result: Result) -> Recorded:
    try:
        return await store.record([result])
    except Unavailable:
        raise
    except Exception:
        logger.exception("The result of %s cannot be recorded", result.submission)
    fault = Verdict(
        status=Status.INTERNAL_ERROR,
        cause=Status.INTERNAL_ERROR,
        points=0.0,
        max_points=result.verdict.max_points,
        message="the verdict could not be recorded; your instructor can have it graded again",
    )
    return await store.record([msgspec.structs.replace(result, verdict=fault)])
