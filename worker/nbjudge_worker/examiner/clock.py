"""Whose turn it is, in memory that the worker shares: the student's time is that of his turns."""

import mmap
import struct
import time

_TIMES = struct.Struct("<qq")
SIZE_BYTES = _TIMES.size


class TurnClock:
    """Counts the time in which the examiner waits for the candidate.

    The examiner writes, the worker reads. The times are those of CLOCK_MONOTONIC, which all
    processes of a machine share.
    """

    def __init__(self, descriptor: int) -> None:
        self._memory = mmap.mmap(descriptor, SIZE_BYTES)
        self._waited_ns = 0

    def start(self) -> None:
        """It is the candidate's turn now."""
        _TIMES.pack_into(self._memory, 0, self._waited_ns, time.monotonic_ns())

    def stop(self) -> None:
        """It is the examiner's turn again."""
        waited, since = _TIMES.unpack_from(self._memory)
        if since:
            self._waited_ns = waited + time.monotonic_ns() - since
            _TIMES.pack_into(self._memory, 0, self._waited_ns, 0)

    def waited_seconds(self) -> float:
        """Return how long the candidate has had the turn so far, all turns together."""
        waited, since = _TIMES.unpack_from(self._memory)
        return float((waited + (time.monotonic_ns() - since if since else 0)) / 1e9)

    def close(self) -> None:
        """Unmap the memory."""
        self._memory.close()
