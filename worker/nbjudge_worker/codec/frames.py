"""Frames: a length of four bytes, then so many bytes of JSON, over a stream socket.

A frame whose length has its highest bit set carries attachments: a second length follows the first,
and so many raw bytes follow the JSON, which says what lies where in them.
"""

import json
import socket
import struct
from typing import Any

MAX_FRAME_BYTES = 64 * 1024 * 1024
MAX_ATTACHED_BYTES = 256 * 1024 * 1024
_LENGTH = struct.Struct(">I")
_HAS_ATTACHMENTS = 1 << 31
_ALIGNMENT_BYTES = 64
_FIRST_BYTES = 16 * 1024  # most messages as a whole; what is larger would be mapped and unmapped
_CHUNK_BYTES = 1024 * 1024


class Hangup(Exception):
    """The other side is gone, or said something that is no frame."""


class Frames:
    """One end of a line. What comes from the other side is bounded, and never trusted."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._rest = b""
        self._outgoing: list[memoryview] = []
        self._outgoing_bytes = 0
        self.attached = bytearray()
        """The attachments of the message that was received last."""

    def attach(self, data: memoryview) -> int:
        """Send these bytes along with the next message. Return where they will lie.

        Raises ValueError when they are too many. They must not change before the message is sent.
        """
        start = -(-self._outgoing_bytes // _ALIGNMENT_BYTES) * _ALIGNMENT_BYTES
        if start + data.nbytes > MAX_ATTACHED_BYTES:
            raise ValueError(f"more than {MAX_ATTACHED_BYTES:,} bytes of arrays")
        self._outgoing += (memoryview(bytes(start - self._outgoing_bytes)), data)
        self._outgoing_bytes = start + data.nbytes
        return start

    def send(self, text: str) -> None:
        """Send one message. Raise ValueError when it is too long, Hangup when nobody hears."""
        data = text.encode("ascii")
        outgoing, self._outgoing = self._outgoing, []
        count, self._outgoing_bytes = self._outgoing_bytes, 0
        if len(data) > MAX_FRAME_BYTES:
            raise ValueError(f"{len(data):,} bytes of data are more than {MAX_FRAME_BYTES:,}")
        try:
            if outgoing:
                self._send_attached(data, outgoing, count)
            else:
                self._line.sendall(_LENGTH.pack(len(data)) + data)
        except OSError as error:
            raise Hangup(str(error)) from error

    def receive(self) -> str:
        """Wait for one message. Raise Hangup at the end of the line."""
        data = self._rest or self._part(_FIRST_BYTES)
        length = int.from_bytes(data[: _LENGTH.size])
        end = _LENGTH.size + length
        if len(data) < end or length > MAX_FRAME_BYTES:  # not a whole message, or no plain one
            self._rest = data
            return self._receive_in_parts()
        self._rest = data[end:]
        return _text(data[_LENGTH.size : end])

    def _receive_in_parts(self) -> str:
        head = self._read(_LENGTH.size)
        (length,) = _LENGTH.unpack(head)
        has_attachments, length = length & _HAS_ATTACHMENTS, length & ~_HAS_ATTACHMENTS
        if length > MAX_FRAME_BYTES:
            raise Hangup(f"a frame of {length} bytes")
        if has_attachments:
            (attached,) = _LENGTH.unpack(self._read(_LENGTH.size))
            text = self._read(length)
            self._read_attached(attached)
        else:
            text = self._read(length)
        return _text(text)

    def receive_json(self) -> Any:
        """Wait for one message of plain JSON, for control channels."""
        try:
            return json.loads(self.receive())
        except (ValueError, RecursionError) as error:
            raise Hangup(f"a frame that is not JSON: {error}") from error

    def send_json(self, message: Any) -> None:
        """Send one message of plain JSON."""
        self.send(json.dumps(message))

    def _send_attached(self, data: bytes, outgoing: list[memoryview], count: int) -> None:
        self._line.sendall(_LENGTH.pack(len(data) | _HAS_ATTACHMENTS) + _LENGTH.pack(count) + data)
        for part in outgoing:
            self._line.sendall(part)

    def _read_attached(self, count: int) -> None:
        if count > MAX_ATTACHED_BYTES:
            raise Hangup(f"attachments of {count} bytes")
        self.attached = bytearray(count)
        with memoryview(self.attached) as rest:
            have = min(count, len(self._rest))
            rest[:have], self._rest = self._rest[:have], self._rest[have:]
            while have < count:
                try:
                    got = self._line.recv_into(rest[have:])
                except OSError as error:
                    raise Hangup(str(error)) from error
                if not got:
                    raise Hangup("the other side is gone")
                have += got

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


def _text(data: bytes) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as error:
        raise Hangup("a frame that is not ASCII") from error
