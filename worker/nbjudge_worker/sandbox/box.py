"""The sandbox port: an engine hands out boxes, each one locked-down process used exactly once."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from nbjudge_course.problem import Limits


class Role(StrEnum):
    """Which runtime waits in the box."""

    CANDIDATE = "candidate"
    """Runs the student's code; is treated as an adversary."""
    EXAMINER = "examiner"
    """Runs the instructor's tests; never meets a student's code."""


class Ending(StrEnum):
    """How a box came to its end, as seen from outside of it."""

    EXITED = "exited"
    """It ended by itself, whatever the exit code or signal."""
    OUT_OF_MEMORY = "out_of_memory"
    CLOSED = "closed"
    """The worker closed it."""


@dataclass(frozen=True)
class Usage:
    """What everything in a box has used so far, as seen from outside of it."""

    cpu_seconds: float
    memory_bytes: int
    """The most memory held at one time, beyond what was there before the submission."""


class Box(Protocol):
    """One locked-down process that waits for its one submission."""

    @property
    def channel(self) -> socket.socket:
        """A connected Unix stream socket to the runtime in the box; descriptors can be sent."""
        ...

    @property
    def output(self) -> int:
        """A descriptor of the file that standard output and standard error append to.

        Read it with os.pread; its size is what was printed.
        """
        ...

    def usage(self) -> Usage:
        """Return what the box has used; the last figures once it has ended."""
        ...

    def ending(self) -> Ending | None:
        """Return how the box ended, or None while it lives. Does not block."""
        ...

    def close(self) -> None:
        """Kill all that runs in the box. The engine frees it later. May be called twice."""
        ...


class Sandbox(Protocol):
    """An engine that prepares boxes ahead of time. Not thread-safe: one worker, one engine."""

    name: str

    def take(self, role: Role, limits: Limits, libraries: Sequence[str] = ()) -> Box:
        """Hand out a prepared box and begin to prepare the next of its kind.

        Raises Unavailable when no box can be made.
        """
        ...

    def tidy(self) -> None:
        """Free what has ended and prepare what was taken. Call it when nobody waits."""
        ...

    def close(self) -> None:
        """Kill and free every box and all that prepares them. May be called twice."""
        ...
