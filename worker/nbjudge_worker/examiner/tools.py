"""What a test cell finds without importing it: raises, approx, stdout, feed, run and a few more."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from nbjudge_course import checkers
from nbjudge_course.output_validator import OutputValidator

from nbjudge_worker.examiner.expectations import approx, raises
from nbjudge_worker.examiner.peer import Peer
from nbjudge_worker.examiner.redirection import share_seeds
from nbjudge_worker.examiner.runs import Run, Talk, run_of


class Tools:
    """The tools of one examination, on whichever candidate is there now."""

    def __init__(self, tell: Callable[[dict[str, Any]], None]) -> None:
        self._tell = tell
        self.peer: Peer | None = None
        self.failed_run: Run | None = None
        """The last run of this test, when it ended with something other than 0."""

    def names(self, *, of_programs: bool) -> dict[str, Any]:
        """Return what the namespace of the tests begins with.

        What only tests of programs need is not in the way of a function that is called `check`.
        """
        names = {
            "raises": raises,
            "approx": approx,
            "stdout": self.stdout,
            "feed": self.feed,
            "seed": self.seed,
            "time_limit": self.time_limit,
            "read_file": self.read_file,
            "write_file": self.write_file,
        }
        return names | self._names_of_programs() if of_programs else names

    def _names_of_programs(self) -> dict[str, Any]:
        return {
            "run": self.run,
            "talk": self.talk,
            "check": checkers.check,
            "exact": checkers.exact,
            "tokens": checkers.tokens,
            "lines": checkers.lines,
            "unordered": checkers.unordered,
            "numbers": checkers.numbers,
            "floats": checkers.floats,
            "OutputValidator": OutputValidator,
        }

    def begin(self) -> None:
        """A test begins: what was run before is none of its business."""
        self.failed_run = None
        share_seeds(self.seed)

    def stdout(self) -> str:
        """Return what the student's code has printed in this test."""
        return str(self._ask("stdout"))

    def feed(self, text: str) -> None:
        """Let `input()` and `sys.stdin` of the student's code read this text."""
        self._ask("feed", text)

    def seed(self, number: Any) -> None:
        """Seed `random` and `numpy.random` of the student's code."""
        self._ask("seed", number)

    def run(self, stdin: str | bytes = "", args: Sequence[str] = ()) -> Run:
        """Start the student's program anew and wait until it ends."""
        data = stdin.encode() if isinstance(stdin, str) else stdin
        self._tell({"op": "run"})
        return self._ended(self._ask("run", data, [str(part) for part in args]))

    def talk(self, args: Sequence[str] = ()) -> Talk:
        """Start the student's program anew to talk with it: `write`, `readline`, `close`."""
        self._tell({"op": "run"})
        return Talk(self._ask, self._ask("talk", [str(part) for part in args]), self._ended)

    def _ended(self, answer: Any) -> Run:
        run = run_of(answer)
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
