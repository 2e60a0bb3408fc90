"""A candidate and an examiner that have been brought together, and what the candidate uses."""

import base64
import os
import socket
import time
from collections.abc import Sequence
from typing import Any

from nbjudge_course.problem import Limits, Problem
from nbjudge_course.verdict import Status

from nbjudge_worker.examiner.clock import SIZE_BYTES, TurnClock
from nbjudge_worker.grading.inbox import MAX_MESSAGE_BYTES, Inbox
from nbjudge_worker.sandbox.box import Box, Ending, Usage

_MAX_SHOWN_BYTES = 4 * 1024
EXAMINER_LIMITS = Limits(memory_bytes=1024 * 1024 * 1024, processes=64)
"""What the tests themselves may use. It is not the student's."""
_NODE_HAS_NO_MEMORY = b"JavaScript heap out of memory"


class Candidate:
    """The box of the student's code, as the worker sees it from outside."""

    def __init__(self, box: Box, max_message_bytes: int = MAX_MESSAGE_BYTES) -> None:
        self._box = box
        self.inbox = Inbox(box.channel, max_message_bytes)
        self.stopped: Status | None = None
        """Why it was killed, when it was."""
        self.clock_file = os.memfd_create("clock")
        os.ftruncate(self.clock_file, SIZE_BYTES)
        self.clock = TurnClock(self.clock_file)

    def load(self, job: dict[str, Any]) -> socket.socket:
        """Hand over the source; return the examiner's end of the line. Raises BoxLost."""
        ours, theirs = socket.socketpair()
        with theirs:
            self.inbox.send_descriptors([theirs.fileno()])
        self.inbox.send(job)
        return ours

    def compile(self, job: dict[str, Any]) -> None:
        """Hand over a source that is to be compiled. Raises BoxLost."""
        self.load(job).close()

    def usage(self) -> Usage:
        """Return the CPU time and the most memory that the student's code has used."""
        return self._box.usage()

    def printed_bytes(self) -> int:
        """Return how much it has printed."""
        return os.fstat(self._box.output).st_size

    def printed(self, start: int, end: int) -> str:
        """Return what it printed between two offsets, bounded."""
        size = max(0, min(end - start, _MAX_SHOWN_BYTES))  # the code may have cut its own output
        text = os.pread(self._box.output, size, start).decode("utf-8", "replace")
        return text if end - start <= size else f"{text}\n... ({end - start:,} bytes in all)"

    def ended(self) -> bool:
        """Tell whether it is gone."""
        return self.stopped is not None or self._box.ending() is not None

    def why(self, patience_seconds: float = 1.0) -> Status:
        """Return the status that its end means; waits a moment for the news of it."""
        deadline = time.monotonic() + patience_seconds
        while self.stopped is None and self._box.ending() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        if self.stopped is not None:
            return self.stopped
        out_of_memory = self._box.ending() is Ending.OUT_OF_MEMORY or self._says_out_of_memory()
        return Status.MEMORY_LIMIT_EXCEEDED if out_of_memory else Status.RUNTIME_ERROR

    def _says_out_of_memory(self) -> bool:
        """Tell whether node ended itself for want of memory: it does so below the box's limit."""
        end = self.printed_bytes()
        return _NODE_HAS_NO_MEMORY in os.pread(self._box.output, 16 * 1024, max(0, end - 16 * 1024))

    def stop(self, why: Status) -> None:
        """Kill it because it went over a limit."""
        if self._box.ending() is Ending.OUT_OF_MEMORY:
            why = Status.MEMORY_LIMIT_EXCEEDED
        self.stopped = self.stopped or why
        self._box.close()

    def settle(self) -> None:
        """Note why it ended, and end whatever it has left behind."""
        self.stop(self.why())

    def close(self) -> None:
        """Free all of it. May be called twice."""
        self._box.close()
        self.clock.close()
        if self.clock_file >= 0:
            os.close(self.clock_file)
            self.clock_file = -1


class Examiner:
    """The box of the author's tests."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self.inbox = Inbox(box.channel)

    def prepare(self, problem: Problem, language: str, codes: Sequence[str] = ()) -> None:
        """Hand over the tests, with their code when it is there. Raises BoxLost."""
        theirs = [problem.shared, *problem.starter.values()]
        tests = [{"name": test.name, "source": test.source} for test in problem.tests]
        self.inbox.send(
            {
                "op": "prepare",
                "kind": problem.kind.value,
                "language": language,
                "setup": problem.setup,
                "theirs": theirs,
                "tests": tests,
                "codes": codes,
            }
        )

    def connect(self, line: socket.socket, clock_file: int) -> None:
        """Hand over the line to a candidate; the examiner has said that it waits for it."""
        with line:
            self.inbox.send_descriptors([line.fileno(), clock_file])

    def ended(self) -> bool:
        """Tell whether it is gone."""
        return self._box.ending() is not None

    def out_of_memory(self) -> bool:
        """Tell whether it ended for want of memory."""
        return self._box.ending() is Ending.OUT_OF_MEMORY

    def close(self) -> None:
        """Free all of it. May be called twice."""
        self._box.close()


def loading(
    problem: Problem, source: str, language: str, program: dict[str, Any] | None
) -> dict[str, Any]:
    """Return the candidate's job; `program` is there when the source was compiled."""
    return {
        "op": "load",
        "kind": problem.kind.value,
        "language": language,
        "memory_bytes": problem.limits.memory_bytes,
        "shared": problem.shared if language == "python" else "",
        "source": "" if program else source,
        "program": program,
        "files": {file.name: base64.b64encode(file.content).decode() for file in problem.files},
    }
