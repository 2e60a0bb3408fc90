"""Whose turn it is, in memory that the worker shares: the student's time is that of his turns."""

import mmap
import time

SIZE_BYTES = 16


class TurnClock:
    """Counts the time in which the examiner waits for the candidate.

    The examiner writes, the worker reads. The times are those of CLOCK_MONOTONIC, which all
    processes of a machine share.
    """

    def __init__(self, descriptor: int) -> None:
        self._memory = mmap.mmap(descriptor, SIZE_BYTES)
        self._times = memoryview(self._memory).cast("q")  # waited until now, and since when

    def start(self) -> None:
        """It is the candidate's turn now."""
        self._times[1] = time.monotonic_ns()

    def stop(self) -> None:
        """It is the examiner's turn again."""
        since = self._times[1]
        if since:
            self._times[1] = 0
            self._times[0] += time.monotonic_ns() - since

    def waited_seconds(self) -> float:
        """Return how long the candidate has had the turn so far, all turns together."""
        waited, since = self._times
        return float((waited + (time.monotonic_ns() - since if since else 0)) / 1e9)

    def close(self) -> None:
        """Unmap the memory."""
        self._times.release()
        self._memory.close()
