"""What the student's code prints, kept for tests to look at, and what it is fed."""

import io
import os
import sys
from typing import Any

_MAX_KEPT_BYTES = 1024 * 1024


class _Recorder(io.RawIOBase):
    """Passes bytes on to a descriptor and keeps a copy, up to a bound."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.kept = bytearray()

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def write(self, data: Any) -> int:
        written = os.write(self._descriptor, data)
        if len(self.kept) < _MAX_KEPT_BYTES:
            self.kept += bytes(data[:written])
        return written


class Console:
    """Standard input, output and error of the student's code."""

    def __init__(self) -> None:
        self._recorder = _Recorder(1)
        sys.stdout = _text(io.BufferedWriter(self._recorder, 8192))
        self._errors = _Recorder(2)
        sys.stderr = _text(io.BufferedWriter(self._errors, 8192))
        sys.__stdout__, sys.__stderr__ = sys.stdout, sys.stderr  # type: ignore[misc]  # as at a start
        self._out, self._err = sys.stdout, sys.stderr
        self.feed("")

    def feed(self, text: str) -> None:
        """Let input() and sys.stdin read this text from now on."""
        sys.stdin = sys.__stdin__ = io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8")  # type: ignore[misc]  # as at a start

    def begin(self) -> None:
        """Forget what was printed so far."""
        self.flush()
        self._recorder.kept.clear()
        self._errors.kept.clear()

    def printed(self) -> str:
        """Return what was printed to standard output since `begin`."""
        self.flush()
        return bytes(self._recorder.kept).decode("utf-8", "replace")

    def complained(self) -> str:
        """Return what was printed to standard error since `begin`."""
        self.flush()
        return bytes(self._errors.kept).decode("utf-8", "replace")

    def flush(self) -> None:
        """Write out what is still held back. A student may have closed the streams."""
        _flush(self._out)
        _flush(self._err)
        if sys.stdout is not self._out:
            _flush(sys.stdout)
        if sys.stderr is not self._err:
            _flush(sys.stderr)


def _flush(stream: Any) -> None:
    try:  # a context manager would take longer than this, and it is done at each answer
        stream.flush()
    except (OSError, ValueError, AttributeError):
        return


def _text(binary: io.BufferedWriter) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        binary, encoding="utf-8", errors="backslashreplace", line_buffering=True
    )
