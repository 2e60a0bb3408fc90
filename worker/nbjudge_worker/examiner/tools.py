"""What a test cell finds without importing it: raises, approx, stdout, feed, run and a few more."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from nbjudge_worker.examiner.expectations import approx, raises
from nbjudge_worker.examiner.peer import Peer


@dataclass(frozen=True)
class Run:
    """How one run of a program ended."""

    stdout: str
    stderr: str
    exit_code: int
    """Negative: the number of the signal that ended it."""
    cpu_seconds: float
    wall_seconds: float


class Tools:
    """The tools of one examination, on whichever candidate is there now."""

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        self._tell = tell
        self.peer: Peer | None = None
        self.failed_run: Run | None = None
        """The last run of this test, when it ended with something other than 0."""

    def names(self) -> dict[str, Any]:
        """Return what the namespace of the tests begins with."""
        return {
            "raises": raises,
            "approx": approx,
            "stdout": self.stdout,
            "feed": self.feed,
            "seed": self.seed,
            "run": self.run,
            "time_limit": self.time_limit,
            "read_file": self.read_file,
            "write_file": self.write_file,
            "tokens": str.split,
        }

    def begin(self) -> None:
        """A test begins: what was printed and run before is none of its business."""
        self.failed_run = None
        self._ask("begin")

    def stdout(self) -> str:
        """Return what the student's code has printed in this test."""
        return str(self._ask("stdout"))

    def feed(self, text: str) -> None:
        """Let `input()` and `sys.stdin` of the student's code read this text."""
        self._ask("feed", text)

    def seed(self, number: int) -> None:
        """Seed `random` and `numpy.random` of the student's code."""
        self._ask("seed", number)

    def run(self, stdin: str | bytes = "", args: Sequence[str] = ()) -> Run:
        """Start the student's program anew and wait until it ends."""
        data = stdin.encode() if isinstance(stdin, str) else stdin
        answer = self._ask("run", data, [str(part) for part in args])
        run = Run(
            stdout=_text(answer["stdout"]),
            stderr=_text(answer["stderr"]),
            exit_code=int(answer["exit_code"]),
            cpu_seconds=float(answer["cpu_seconds"]),
            wall_seconds=float(answer["wall_seconds"]),
        )
        self.failed_run = run if run.exit_code else None
        return run

    @contextmanager
    def time_limit(self, seconds: float) -> Iterator[None]:
        """Allow the student's code only so much CPU time inside."""
        self._tell({"op": "limit", "seconds": float(seconds)})
        try:
            yield
        finally:
            self._tell({"op": "limit", "seconds": None})

    def read_file(self, name: str) -> bytes:
        """Return the content of a file in the student's folder. Raises FileNotFoundError."""
        return bytes(self._ask("read", name))

    def write_file(self, name: str, content: str | bytes) -> None:
        """Write a file into the student's folder."""
        self._ask("write", name, content.encode() if isinstance(content, str) else content)

    def _ask(self, op: str, *arguments: Any) -> Any:
        assert self.peer is not None
        return self.peer.ask(op, *arguments)


def _text(data: Any) -> str:
    if not isinstance(data, bytes):
        raise TypeError("a program writes bytes")
    return data.decode("utf-8", "replace")
