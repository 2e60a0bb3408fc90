"""Between the parts and Redis: a proxy that loses replies, cuts connections and takes its time."""

import asyncio
from contextlib import suppress
from pathlib import Path


class LossyProxy:
    """Passes bytes on from one unix socket to another, until it is told to misbehave."""

    def __init__(self, here: Path, there: Path) -> None:
        self._here, self._there = here, there
        self._lose = 0
        self._open: set[asyncio.StreamWriter] = set()
        self._silent: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None]] = set()
        self.delay_seconds = 0.0
        """How long each reply is held back."""
        self.lost = 0
        """Replies that did not arrive."""

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_unix_server(self._serve, self._here)

    async def stop(self) -> None:
        """Listen no longer, and cut what is open."""
        self._server.close()
        self.cut()
        for task in list(self._passing):
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)
        self._here.unlink(missing_ok=True)

    def lose_replies(self, count: int) -> None:
        """Let the next replies be lost, each with its connection: Redis has done what was asked."""
        self._lose = count

    def cut(self) -> None:
        """Break every connection."""
        for writer in list(self._open):
            writer.transport.abort()

    def silence(self) -> None:
        """Let nothing pass any more on every second connection, and close none of them."""
        self._silent.update(list(self._open)[::2])

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            from_redis, to_redis = await asyncio.open_unix_connection(self._there)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, to_redis}
        self._open |= both
        pumps = (self._requests(reader, to_redis), self._replies(from_redis, writer))
        tasks = {asyncio.create_task(pump) for pump in pumps}
        self._passing |= tasks
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            self._passing -= tasks
            self._open -= both
            self._silent -= both
            for one in both:
                one.transport.abort()

    async def _requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(1 << 16):
                if writer not in self._silent:
                    writer.write(data)
                    await writer.drain()

    async def _replies(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(1 << 16):
                if self._lose:
                    self._lose -= 1
                    self.lost += 1
                    return
                if self.delay_seconds:
                    await asyncio.sleep(self.delay_seconds)
                if writer not in self._silent:
                    writer.write(data)
                    await writer.drain()
