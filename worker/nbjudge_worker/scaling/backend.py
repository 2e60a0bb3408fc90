"""The port to where workers run."""

from collections.abc import Collection, Sequence
from typing import Protocol


class Backend(Protocol):
    """Where the workers of one scaler run. Every method may raise Unavailable."""

    def workers(self) -> Collection[str]:
        """Return the names of those that have not ended, also of those that an earlier one left."""
        ...

    def start(self, names: Sequence[str]) -> None:
        """Start one worker under each name."""
        ...

    def drain(self, names: Sequence[str]) -> None:
        """Ask workers to finish their job and end. Those that are gone already do no harm."""
        ...

    def kill(self, names: Sequence[str]) -> None:
        """End workers now. Those that are gone already do no harm."""
        ...

    def close(self) -> None:
        """Let go of what is needed to reach the workers."""
        ...
