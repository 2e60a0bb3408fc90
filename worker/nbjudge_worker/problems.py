"""The problems that a worker has at hand, by digest: a digest never changes its problem."""

import time
from collections import OrderedDict

from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import Problem

from nbjudge_worker.queue import Queue

CAPACITY = 64
PATIENCE_SECONDS = 5.0
ASK_SECONDS = 1.0
POLL_SECONDS = 0.02


class Problems:
    """The least recently used are forgotten; those in the queue's cache are fetched again."""

    def __init__(
        self,
        queue: Queue,
        *,
        capacity: int = CAPACITY,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._queue = queue
        self._capacity = capacity
        self._patience_seconds = patience_seconds
        self._problems: OrderedDict[str, Problem] = OrderedDict()

    def get(self, version: str) -> Problem:
        """Return the problem with this digest.

        Raises Unavailable when nobody brings it within the patience; then the service is down.
        """
        problem = self._problems.get(version)
        if problem is None:
            problem = self._problems[version] = self._fetch(version)
        self._problems.move_to_end(version)
        if len(self._problems) > self._capacity:
            self._problems.popitem(last=False)
        return problem

    def _fetch(self, version: str) -> Problem:
        problem = self._queue.problem(version)
        deadline = time.monotonic() + self._patience_seconds
        asked_at = float("-inf")
        while problem is None and time.monotonic() < deadline:
            if time.monotonic() - asked_at >= ASK_SECONDS:
                self._queue.want(version)
                asked_at = time.monotonic()
            time.sleep(POLL_SECONDS)
            problem = self._queue.problem(version)
        if problem is None:
            raise Unavailable(f"nobody brings the problem {version}")
        return problem
