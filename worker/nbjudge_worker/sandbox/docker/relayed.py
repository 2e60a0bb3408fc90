"""A container whose runtime lets no socket in, such as gVisor: it is spoken to by its streams."""

import contextlib
import os
import socket
import struct
import threading
from collections.abc import Sequence

from nbjudge_worker.sandbox.box import Role
from nbjudge_worker.sandbox.contained import STREAMS
from nbjudge_worker.sandbox.docker.container import Container, command
from nbjudge_worker.sandbox.order import Order
from nbjudge_worker.sandbox.relay import (
    BOX,
    CHANNEL,
    CONTROL,
    DATA,
    FIRST_LINE,
    LEASH,
    LINE,
    OUTPUT,
    Relay,
)

_HEADER = struct.Struct(">BxxxI")  # of each part of a container's output: which stream, how long
_STANDARD_OUTPUT = 1
_MAX_SAID_BYTES = 4096
_CHUNK_BYTES = 65536
_MAX_STREAMS = 64


class RelayedContainer(Container):
    """Hands out the same kind of control socket as any other; behind it a relay is at work."""

    _streams: "_Streams"

    def _connect(self, role: Role, libraries: Sequence[str], folder_bytes: int) -> socket.socket:
        words = command(role, STREAMS, libraries)
        self.id = self._daemon.create(words, None, folder_bytes, shared=False)
        self._streams = _Streams(self._daemon.attached(self.id))
        self._daemon.start(self.id)
        control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        relay = _AtWorker(theirs, self._streams.read, self._streams.write)
        threading.Thread(target=self._carry, args=(relay,), daemon=True).start()
        return control

    def _carry(self, relay: "_AtWorker") -> None:
        relay.run_and_close()
        self._streams.free()

    def said(self) -> str:
        """Return how what it printed begins."""
        return self._streams.said.decode("utf-8", "replace").strip()

    def close(self) -> None:
        """Kill it now, and have it removed in the background. May be called twice."""
        super().close()
        self._streams.close()


class _Streams:
    """The standard streams of a container, which come mixed on one socket."""

    def __init__(self, attached: socket.SocketIO) -> None:
        self._attached = attached  # keeps the connection open
        self._socket: socket.socket = attached._sock  # type: ignore[attr-defined]  # how the SDK means it
        self._socket.settimeout(None)
        self._left = 0
        self.said = b""

    def read(self, size: int) -> bytes:
        """Return something that was written to its standard output."""
        while self._left == 0:
            header = self._exactly(_HEADER.size)
            if not header:
                return b""
            stream, length = _HEADER.unpack(header)
            if stream == _STANDARD_OUTPUT:
                self._left = length
            else:
                self.said = (self.said + self._exactly(length))[:_MAX_SAID_BYTES]
        data = self._socket.recv(min(size, self._left))
        self._left -= len(data)
        return data

    def _exactly(self, size: int) -> bytes:
        parts = b""
        while len(parts) < size:
            part = self._socket.recv(min(_CHUNK_BYTES, size - len(parts)))
            if not part:
                return b""
            parts += part
        return parts

    def write(self, data: bytes) -> None:
        """Write to its standard input. Raises OSError."""
        self._socket.sendall(data)

    def close(self) -> None:
        """Hang up: who reads sees the end. May be called twice."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def free(self) -> None:
        """Close it, once nobody reads any more."""
        self._socket.close()
        self._attached._response.close()  # type: ignore[attr-defined]  # the SDK keeps it there


class _AtWorker(Relay):
    """The end that plays the spawner to the worker."""

    _output = -1
    _room = 0

    def run_and_close(self) -> None:
        """Carry until the container is gone, then close all."""
        self.run()
        for end in list(self.streams.values()):
            end.close()
        if self._output >= 0:
            os.close(self._output)
            self._output = -1

    def take(self, stream: int) -> bytes | None:
        """Return what a socket has to say; what comes with open files opens streams."""
        if stream not in (CONTROL, CHANNEL):
            return super().take(stream)
        data, files, _, _ = socket.recv_fds(self.streams[stream], _CHUNK_BYTES, 3)
        if not files:
            return data
        if stream == CONTROL:
            self._open_box(data, files)
        else:
            self._open_line(data, files)
        return None

    def _open_box(self, order: bytes, files: list[int]) -> None:
        channel, self._output, leash = files
        self._room = Order.decode(order).file_bytes
        self.tell(BOX, CONTROL, order)
        self.add(CHANNEL, socket.socket(fileno=channel))
        self.add(LEASH, socket.socket(fileno=leash))

    def _open_line(self, data: bytes, files: list[int]) -> None:
        for file in files:
            stream = FIRST_LINE + len(self.streams)
            if stream >= _MAX_STREAMS:
                os.close(file)
                continue
            self.tell(LINE, stream, data)
            self.add(stream, socket.socket(fileno=file))

    def receive(self, kind: int, stream: int, data: bytes) -> None:
        """Do what a frame says. Raises ValueError."""
        if kind == DATA and stream == OUTPUT:
            kept = data[: self._room]
            self._room -= len(kept)
            if kept and self._output >= 0:
                os.write(self._output, kept)
            return
        super().receive(kind, stream, data)
