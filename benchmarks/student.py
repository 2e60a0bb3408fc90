"""A student as cheap as can be, by hand over sockets, so that the measured side has the CPU."""

import asyncio
import time
from typing import Any

import msgspec
from live_socket import TEXT, decode_frame, hear, post, shake_hands
from nbjudge_course.wire import HelloFrame, SubmissionFrame


class Student:
    """One connection for requests and one websocket, as one open notebook has them."""

    def __init__(self, port: int, token: str) -> None:
        self._port = port
        self._token = token
        self._verdicts: dict[str, asyncio.Future[tuple[float, SubmissionFrame]]] = {}
        self._reading: asyncio.Task[None] | None = None
        self.frames = 0

    async def connect(self) -> None:
        """Open both connections and wait for the hello."""
        self._requests = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        await shake_hands(reader, writer, self._port, self._token)
        self._socket = writer
        hello = asyncio.get_running_loop().create_future()
        self._reading = asyncio.create_task(self._read(reader, writer, hello))
        await hello

    async def submit(self, submission: str, problem: str, source: str) -> tuple[float, Any]:
        """Post and wait for the verdict's frame.

        Returns the time of the POST's answer, then the future of (time, frame); times are those
        of time.time().
        """
        verdict = self._verdicts[submission] = asyncio.get_running_loop().create_future()
        body = msgspec.json.encode(
            {"id": submission, "problem": problem, "language": "python", "source": source}
        )
        reader, writer = self._requests
        writer.write(post(self._port, self._token, body))
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.splitlines()
            if line.lower().startswith(b"content-length")
        )
        answer = await reader.readexactly(length)
        if head.split(b" ", 2)[1] not in {b"200", b"202"}:
            raise ConnectionError(f"{head.decode()}{answer.decode()}")
        return time.time(), verdict

    async def _read(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        hello: asyncio.Future[None],
    ) -> None:
        while True:
            kind, data = await hear(reader, writer)
            arrived = time.time()
            if kind != TEXT:
                continue
            self.frames += 1
            frame = decode_frame(data)
            if isinstance(frame, HelloFrame):
                hello.set_result(None)
            elif isinstance(frame, SubmissionFrame) and frame.submission.verdict is not None:
                waiting = self._verdicts.pop(frame.submission.id, None)
                if waiting is not None:
                    waiting.set_result((arrived, frame))

    def close(self) -> None:
        """Close both connections."""
        if self._reading is not None:
            self._reading.cancel()
        self._requests[1].close()
        self._socket.close()
