"""Frames: a length of four bytes, then so many bytes of JSON, over a stream socket."""

import json
import socket
import struct
from typing import Any

MAX_FRAME_BYTES = 64 * 1024 * 1024
_LENGTH = struct.Struct(">I")
_FIRST_BYTES = 16 * 1024  # most messages as a whole; what is larger would be mapped and unmapped
_CHUNK_BYTES = 1024 * 1024


class Hangup(Exception):
    """The other side is gone, or said something that is no frame."""


class Frames:
    """One end of a line. What comes from the other side is bounded, and never trusted."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._rest = b""

    def send(self, text: str) -> None:
        """Send one message. Raise ValueError when it is too long, Hangup when nobody hears."""
        data = text.encode("ascii")
        if len(data) > MAX_FRAME_BYTES:
            raise ValueError(f"{len(data):,} bytes of data are more than {MAX_FRAME_BYTES:,}")
        try:
            self._line.sendall(_LENGTH.pack(len(data)) + data)
        except OSError as error:
            raise Hangup(str(error)) from error

    def receive(self) -> str:
        """Wait for one message. Raise Hangup at the end of the line."""
        head = self._read(_LENGTH.size)
        (length,) = _LENGTH.unpack(head)
        if length > MAX_FRAME_BYTES:
            raise Hangup(f"a frame of {length} bytes")
        try:
            return self._read(length).decode("ascii")
        except UnicodeDecodeError as error:
            raise Hangup("a frame that is not ASCII") from error

    def receive_json(self) -> Any:
        """Wait for one message of plain JSON, for control channels."""
        try:
            return json.loads(self.receive())
        except (ValueError, RecursionError) as error:
            raise Hangup(f"a frame that is not JSON: {error}") from error

    def send_json(self, message: Any) -> None:
        """Send one message of plain JSON."""
        self.send(json.dumps(message))

    def _read(self, count: int) -> bytes:
        data = self._rest
        if len(data) < count:
            parts, have = [data], len(data)
            while have < count:
                part = self._part(max(_FIRST_BYTES, min(count - have, _CHUNK_BYTES)))
                parts.append(part)
                have += len(part)
            data = b"".join(parts)
        self._rest = data[count:]
        return data[:count]

    def _part(self, most: int) -> bytes:
        try:
            part = self._line.recv(most)
        except OSError as error:
            raise Hangup(str(error)) from error
        if not part:
            raise Hangup("the other side is gone")
        return part
