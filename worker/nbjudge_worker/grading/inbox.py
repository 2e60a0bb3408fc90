"""Messages from a box, as the worker takes them: it never waits on a sender's pleasure."""

import json
import select
import socket
import struct
import time
from typing import Any

import msgspec

_LENGTH = struct.Struct(">I")
MAX_MESSAGE_BYTES = 1024 * 1024
_CHUNK_BYTES = 256 * 1024


class BoxLost(Exception):
    """The box ended, or sent something that is no message."""


class BoxMessage(msgspec.Struct, frozen=True):
    """All that a box can tell. Unknown fields are ignored, missing ones are empty."""

    op: str
    status: str = ""
    outcome: str = ""
    message: str = ""
    expected: str | None = None
    got: str | None = None
    memory: bool = False
    seconds: float | None = None
    broken: tuple[str, ...] = ()
    files: dict[str, str] = {}
    codes: tuple[str, ...] = ()


class Inbox:
    """The worker's end of the channel to one box."""

    def __init__(self, channel: socket.socket, max_message_bytes: int = MAX_MESSAGE_BYTES) -> None:
        self._channel, self._max_message_bytes = channel, max_message_bytes
        self._data = bytearray()

    def fileno(self) -> int:
        """Return the descriptor, for select."""
        return self._channel.fileno()

    def send(self, message: dict[str, Any]) -> None:
        """Send one message. Raises BoxLost."""
        data = json.dumps(message).encode("ascii")
        self._send(_LENGTH.pack(len(data)) + data)

    def send_descriptors(self, descriptors: list[int]) -> None:
        """Send open files along with one byte. Raises BoxLost."""
        try:
            socket.send_fds(self._channel, [b"L"], descriptors)
        except OSError as error:
            raise BoxLost(str(error)) from error

    def receive(self) -> BoxMessage | None:
        """Return the next message when it is here as a whole, else None. Raises BoxLost."""
        message = self._taken()
        if message is not None:
            return message
        try:
            part = self._channel.recv(_CHUNK_BYTES, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return None
        except OSError as error:
            raise BoxLost(str(error)) from error
        if not part:
            raise BoxLost("the box has ended")
        self._data += part
        return self._taken()

    def wait(self, seconds: float) -> BoxMessage:
        """Wait for a message. Raises BoxLost, also when none comes in time."""
        deadline = time.monotonic() + seconds
        while (message := self.receive()) is None:
            select.select([self], [], [], max(0.0, deadline - time.monotonic()))
            if time.monotonic() > deadline:
                raise BoxLost("no answer in time")
        return message

    def waiting(self) -> bool:
        """Tell whether a whole message is here already."""
        return len(self._data) >= _LENGTH.size and len(self._data) >= self._length() + _LENGTH.size

    def _taken(self) -> BoxMessage | None:
        if not self.waiting():
            if len(self._data) >= _LENGTH.size and self._length() > self._max_message_bytes:
                raise BoxLost("a message that is too long")
            return None
        end = _LENGTH.size + self._length()
        text = bytes(self._data[_LENGTH.size : end])
        del self._data[:end]
        try:
            return msgspec.json.decode(_without_surrogates(text), type=BoxMessage)
        except (ValueError, RecursionError) as error:
            raise BoxLost(f"not a message: {error}") from error

    def _length(self) -> int:
        return int(_LENGTH.unpack_from(self._data)[0])

    def _send(self, data: bytes) -> None:
        try:
            self._channel.sendall(data)
        except OSError as error:
            raise BoxLost(str(error)) from error


def _without_surrogates(text: bytes) -> bytes:
    """Let half characters, which no UTF-8 can hold, be read as question marks."""
    if b"\\ud" not in text and b"\\uD" not in text:
        return text
    return json.dumps(json.loads(text), ensure_ascii=False).encode("utf-8", "replace")
