"""From the queue to the database: every verdict is written once, then everyone is told."""

import asyncio
import logging

from nbjudge_course.errors import Unavailable

from nbjudge_grader_service.queue import Queue
from nbjudge_grader_service.store import Store

logger = logging.getLogger(__name__)

_AT_ONCE = 100
_BLOCK_SECONDS = 1.0
_RETRY_SECONDS = 0.5


async def record_results(store: Store, queue: Queue) -> None:
    """Record results as they come, for ever. A result is forgotten only once it is on disk."""
    while True:
        try:
            arrived = await queue.results(_AT_ONCE, _BLOCK_SECONDS)
            if arrived:
                events = await store.record([result for _, result in arrived])
                await queue.done([entry for entry, _ in arrived], events)
        except Unavailable as error:
            logger.warning("Could not record results, they are tried again: %s", error)
            await asyncio.sleep(_RETRY_SECONDS)
