"""The queue as a worker sees it: take one job under a lease, keep the lease, report the verdict."""

from nbjudge_worker.queue.fake import FakeQueue
from nbjudge_worker.queue.port import (
    DELIVERY_LIMIT,
    Finished,
    Lease,
    Queue,
    Standing,
    given_up,
)
from nbjudge_worker.queue.streams import RedisQueue

__all__ = [
    "DELIVERY_LIMIT",
    "FakeQueue",
    "Finished",
    "Lease",
    "Queue",
    "RedisQueue",
    "Standing",
    "given_up",
]
