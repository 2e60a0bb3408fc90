"""A process of the student's program: started, fed, listened to, and ended."""

import contextlib
import os
import resource
import selectors
import signal
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

_MAX_KEPT_BYTES = 8 * 1024 * 1024
_CHUNK_BYTES = 65536


class Process:
    """One run. `become` turns the forked process into the program and returns its exit code."""

    def __init__(self, become: Callable[[], int]) -> None:
        pipes = [os.pipe() for _ in range(3)]
        self._before = _children_seconds()
        self._began = time.monotonic()
        self._pid = os.fork()
        if self._pid == 0:
            _run(become, (pipes[0][0], pipes[1][1], pipes[2][1]))
        for end in (pipes[0][0], pipes[1][1], pipes[2][1]):
            os.close(end)
        self._in, self._out, self._err = pipes[0][1], pipes[1][0], pipes[2][0]
        os.set_blocking(self._in, False)
        self._pending = bytearray()
        self._input_ends = False
        self._kept = {self._out: bytearray(), self._err: bytearray()}
        self._read_to = 0
        self._selector = selectors.DefaultSelector()
        for end in self._kept:
            self._selector.register(end, selectors.EVENT_READ)

    def feed(self, data: bytes) -> None:
        """Let it read this, when it cares to."""
        if self._in >= 0 and data:
            if not self._pending:
                self._selector.register(self._in, selectors.EVENT_WRITE)
            self._pending += data

    def end_input(self) -> None:
        """After what it was fed there is nothing more to read."""
        self._input_ends = True
        if not self._pending:
            self._close_input()

    def line(self) -> bytes:
        """Wait for the next line of its output; at the end, what is left of it."""
        kept = self._kept[self._out]
        while (end := kept.find(b"\n", self._read_to) + 1) == 0 and not self.is_silent():
            self._step()
        found = bytes(kept[self._read_to : end or len(kept)])
        self._read_to += len(found)
        return found

    def is_silent(self) -> bool:
        """Tell whether it has closed its standard output, as when it ended."""
        return self._out not in self._selector.get_map()

    def ended(self) -> dict[str, Any]:
        """Wait until it ends, and return how."""
        self.end_input()
        while any(end in self._selector.get_map() for end in self._kept):
            self._step()
        self._close_input()
        _, status = os.waitpid(self._pid, 0)
        self._end_its_children()
        self._bury_orphans()
        return {
            "stdout": bytes(self._kept[self._out]),
            "stderr": bytes(self._kept[self._err]),
            "exit_code": os.waitstatus_to_exitcode(status),
            "cpu_seconds": _children_seconds() - self._before,
            "wall_seconds": time.monotonic() - self._began,
        }

    def kill(self) -> None:
        """End it now, and all that it has started."""
        self._end_its_children()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._pid, 0)
        self._bury_orphans()
        self._close_input()
        for end in self._kept:
            if end in self._selector.get_map():
                self._stop_reading(end)

    def _end_its_children(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)

    def _bury_orphans(self) -> None:
        """Wait for those of its group that are ours now: the dead count as processes until then."""
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-self._pid, 0)

    def _step(self) -> None:
        """Move some bytes, in whichever direction is possible."""
        for key, _ in self._selector.select():
            if key.fd == self._in:
                self._write()
            else:
                self._read(key.fd)

    def _write(self) -> None:
        try:
            del self._pending[: os.write(self._in, self._pending[:_CHUNK_BYTES])]
        except BrokenPipeError:
            self._pending.clear()
        if not self._pending:
            self._selector.unregister(self._in)
            if self._input_ends:
                self._close_input()

    def _read(self, end: int) -> None:
        data = os.read(end, _CHUNK_BYTES)
        with contextlib.suppress(OSError):  # there is too much of it already
            os.write(1, data)  # the worker watches how much there is
        if len(self._kept[end]) < _MAX_KEPT_BYTES:
            self._kept[end] += data
        if not data:
            self._stop_reading(end)

    def _stop_reading(self, end: int) -> None:
        self._selector.unregister(end)
        os.close(end)

    def _close_input(self) -> None:
        if self._in < 0:
            return
        if self._in in self._selector.get_map():
            self._selector.unregister(self._in)
        os.close(self._in)
        self._in = -1


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _run(become: Callable[[], int], streams: tuple[int, int, int]) -> None:
    """Be the student's program, in the process that was just forked. Never returns."""
    exit_code = 1
    try:
        os.setpgid(0, 0)
        for descriptor, end in enumerate(streams):
            os.dup2(end, descriptor)
        os.closerange(3, 256)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        exit_code = become()
    except BaseException:  # noqa: BLE001  # this process is the student's program now
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(BaseException):  # a closed or full pipe
                stream.flush()
        os._exit(exit_code)
