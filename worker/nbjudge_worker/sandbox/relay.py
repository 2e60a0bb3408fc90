"""Carrying the sockets of one box over two pipes, where no socket reaches into the container.

The same class works at both ends. A frame is a kind, a stream, a length and that many bytes.
Nothing that comes out of a container is trusted: it is data on a stream, or the stream's end.
"""

import contextlib
import fcntl
import os
import select
import socket
import struct
import threading
from collections.abc import Callable

CONTROL, CHANNEL, OUTPUT, LEASH, FIRST_LINE = range(5)
"""The streams. Lines are those that are opened by way of the channel."""
DATA, CLOSED, BOX, LINE = range(4)
"""The kinds of frames; the last two open streams, and only the worker sends them."""
_HEADER = struct.Struct(">BBI")
_CHUNK_BYTES = 65536
_LOOK_SECONDS = 0.02
_LONGEST_SECONDS = 5.0
_MAX_FRAME_BYTES = 1024 * 1024

Read = Callable[[int], bytes]
"""Returns at most so many bytes; none at the end."""
Write = Callable[[bytes], None]


class Relay:
    """One end. `come` and `go` run in threads of their own, so that neither waits for the other."""

    def __init__(self, control: socket.socket, read: Read, write: Write) -> None:
        self.streams = {CONTROL: control}
        self._heard = {CONTROL}
        self._read, self._write = read, write
        self._changed, self._change = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._lock = threading.Lock()
        self._is_over = False

    def run(self) -> None:
        """Carry until the other side is gone."""
        going = threading.Thread(target=self.go, daemon=True)
        going.start()
        self.come()
        os.write(self._change, b".")
        going.join(_LONGEST_SECONDS)
        for end in (self._changed, self._change):
            os.close(end)

    def add(self, stream: int, end: socket.socket) -> None:
        """Carry what comes from and goes to this end as well."""
        self.streams[stream] = end
        self._heard.add(stream)
        os.write(self._change, b"+")

    def tell(self, kind: int, stream: int, data: bytes = b"") -> None:
        """Send one frame. Raises OSError."""
        with self._lock:
            self._write(_HEADER.pack(kind, stream, len(data)) + data)

    def go(self) -> None:
        """Carry from the sockets here to the other side."""
        with contextlib.suppress(OSError, ValueError):
            while not self._is_over:
                heard = list(self._heard)
                numbers = {self.streams[stream].fileno(): stream for stream in heard}
                changed, _, _ = select.select([self._changed, *numbers], [], [], _LOOK_SECONDS)
                self.before_going()
                for number in changed:
                    if number == self._changed:
                        os.read(self._changed, 64)
                    else:
                        self._carry(numbers[number])

    def before_going(self) -> None:
        """Do what must be done before anything else is told."""

    def _carry(self, stream: int) -> None:
        data = self.take(stream)
        self.before_going()
        if data:
            self.tell(DATA, stream, data)
        elif data is not None:
            self._heard.discard(stream)
            self.tell(CLOSED, stream)

    def take(self, stream: int) -> bytes | None:
        """Return what a socket has to say; None when that was told already."""
        try:
            return self.streams[stream].recv(_CHUNK_BYTES)
        except ConnectionError:
            return b""

    def come(self) -> None:
        """Carry from the other side to the sockets here, until it ends or talks nonsense."""
        with contextlib.suppress(OSError, EOFError, ValueError):
            while True:
                kind, stream, size = _HEADER.unpack(self._exactly(_HEADER.size))
                if size > _MAX_FRAME_BYTES:
                    raise ValueError("a frame that is too large")
                self.receive(kind, stream, self._exactly(size))
        self._is_over = True
        for end in list(self.streams.values()):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def receive(self, kind: int, stream: int, data: bytes) -> None:
        """Do what a frame says. Raises ValueError."""
        if kind not in (DATA, CLOSED):
            raise ValueError("a frame of an unknown kind")
        end = self.streams.get(stream)
        if end is None:
            return
        with contextlib.suppress(OSError):  # who should have read it is gone
            if kind == CLOSED:
                end.shutdown(socket.SHUT_WR)
            else:
                end.sendall(data)

    def _exactly(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            part = self._read(size - len(parts))
            if not part:
                raise EOFError
            parts += part
        return bytes(parts)


class _InContainer(Relay):
    """The end that plays the worker to the spawner."""

    _output = -1
    _told = 0

    def before_going(self) -> None:
        """Whatever was printed is told first."""
        if self._output < 0:
            return
        while data := os.pread(self._output, _CHUNK_BYTES, self._told):
            self._told += len(data)
            self.tell(DATA, OUTPUT, data)

    def receive(self, kind: int, stream: int, data: bytes) -> None:
        """Do what a frame says."""
        if kind == BOX:
            self._open_box(data)
        elif kind == LINE:
            ours, theirs = socket.socketpair()
            with theirs:
                socket.send_fds(self.streams[CHANNEL], [data], [theirs.fileno()])
            self.add(stream, ours)
        else:
            super().receive(kind, stream, data)

    def _open_box(self, order: bytes) -> None:
        pairs = {stream: socket.socketpair() for stream in (CHANNEL, LEASH)}
        output, writer = _new_output()
        theirs = [pairs[CHANNEL][1].fileno(), writer, pairs[LEASH][1].fileno()]
        socket.send_fds(self.streams[CONTROL], [order], theirs)
        os.close(writer)
        self._output = output
        for stream, (ours, end) in pairs.items():
            end.close()
            self.add(stream, ours)


def relayed_control() -> socket.socket:
    """Fork: the parent carries and never returns; the child gets the spawner's end of control."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    source, sink = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(nothing, stream)
    if os.fork() == 0:
        theirs.close()
        os.close(source)
        os.close(sink)
        return ours
    ours.close()
    _InContainer(theirs, lambda size: os.read(source, size), lambda data: _put(sink, data)).run()
    os._exit(0)


def _put(sink: int, data: bytes) -> None:
    while data:
        data = data[os.write(sink, data) :]


def _new_output() -> tuple[int, int]:
    """Return a file to read from, and the same one to append to. What was printed stays printed."""
    output = os.memfd_create("output", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    fcntl.fcntl(output, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL)
    return output, os.open(f"/proc/self/fd/{output}", os.O_WRONLY | os.O_APPEND)
