"""Runs of the student's program, as a test sees them: how one ended, and talking with one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Run:
    """How one run of a program ended."""

    stdout: str
    stderr: str
    exit_code: int
    """Negative: the number of the signal that ended it."""
    cpu_seconds: float
    wall_seconds: float


class Talk:
    """A program that runs while the test writes to it and reads from it, line by line."""

    def __init__(
        self, ask: Callable[..., Any], number: int, conclude: Callable[[Any], Run]
    ) -> None:
        self._ask, self._number, self._conclude = ask, number, conclude
        self.ended: Run | None = None
        """How it ended, once `close` was called."""

    def write(self, text: str) -> None:
        """Let the program read this from its standard input. A line needs its line end."""
        self._ask("tell", self._number, text.encode())

    def readline(self) -> str:
        """Wait for the next line that the program prints; an empty text when it prints no more."""
        return _text(self._ask("hear", self._number))

    def close(self) -> Run:
        """End the program's input, wait for its end, and return how it ended."""
        if self.ended is None:
            self.ended = self._conclude(self._ask("end", self._number))
        return self.ended

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: Any, error: BaseException | None, _trace: Any) -> None:
        if kind is None:
            self.close()
        elif isinstance(error, Exception) and self.ended is None:
            answer = self._ask("stop", self._number)
            self.ended = None if answer is None else self._conclude(answer)


def run_of(answer: Any) -> Run:
    """Read what the candidate says of a run. Raises TypeError or KeyError when it is none."""
    return Run(
        stdout=_text(answer["stdout"]),
        stderr=_text(answer["stderr"]),
        exit_code=int(answer["exit_code"]),
        cpu_seconds=float(answer["cpu_seconds"]),
        wall_seconds=float(answer["wall_seconds"]),
    )


def _text(data: Any) -> str:
    if not isinstance(data, bytes):
        raise TypeError("a program writes bytes")
    return data.decode("utf-8", "replace")
