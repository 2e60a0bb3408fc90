"""The websocket side of the service: one live connection of a student."""

import asyncio
from asyncio import Future

from nbjudge_course.errors import NbjudgeError, Unavailable
from nbjudge_course.wire import Frame, encode_json
from tornado import websocket

from nbjudge_grader_service.refusals import Refused, number, refusal_of, refused
from nbjudge_grader_service.service import Service, identified

_MAX_UNSENT_BYTES = 1024 * 1024
_DRAINED_BYTES = 256 * 1024
_STALLED_SECONDS = 30.0
_GOING_AWAY = 1001


class LiveHandler(websocket.WebSocketHandler):
    """A student's live connection."""

    service: Service

    def initialize(self, service: Service) -> None:
        """Take the parts."""
        self.service = service
        self.student = ""
        self.revision = 0
        self._unsent = 0
        self._room = asyncio.Event()
        self._room.set()

    async def prepare(self) -> None:
        """Find out who is asking."""
        try:
            account = await identified(self.request.headers.get("Authorization", ""), self.service)
            self.revision = number(self.get_query_argument("revision", "0"), 1 << 53)
            if self.request.headers.get("Upgrade", "").lower() != "websocket":
                raise refused(426, "websocket_only", "this address is for websockets")
        except (NbjudgeError, Refused) as error:
            status, refusal = refusal_of(error, 500)
            self.set_status(status)
            self.set_header("Content-Type", "application/json")
            if status == 426:
                self.set_header("Upgrade", "websocket")
            self.finish(encode_json(refusal))
        else:
            self.student = account.name

    def check_origin(self, origin: str) -> bool:  # noqa: ARG002  # there is no cookie to abuse
        """Allow any: who connects shows a token."""
        return True

    async def open(self, *_: str, **__: str) -> None:
        """Greet and replay."""
        self.service.live.add(self)
        try:
            await self.service.hub.join(self)
        except Unavailable:
            self.close(1013, "try again")

    def send(self, frame: Frame) -> None:
        """Send a frame. A reader that stalls is dropped: it will come back and replay."""
        data = encode_json(frame)
        if self._unsent > _MAX_UNSENT_BYTES:
            self._drop()
            return
        try:
            sent = self.write_message(data)
        except websocket.WebSocketClosedError:
            self.service.hub.leave(self)
            return
        self._unsent += len(data)
        if self._unsent > _DRAINED_BYTES:
            self._room.clear()
        sent.add_done_callback(lambda done: self._was_sent(done, len(data)))

    def _was_sent(self, done: Future[None], size: int) -> None:
        self._unsent -= size
        if self._unsent <= _DRAINED_BYTES:
            self._room.set()
        if not done.cancelled() and done.exception() is not None:
            self.service.hub.leave(self)

    async def drained(self) -> bool:
        """Wait until most of what was sent has been read; give a reader up that does not read."""
        try:
            async with asyncio.timeout(_STALLED_SECONDS):
                await self._room.wait()
        except TimeoutError:
            self._drop()
        return self.ws_connection is not None and not self.ws_connection.is_closing()

    def _drop(self) -> None:
        self.service.metrics.dropped()
        self.service.hub.leave(self)
        if self.ws_connection is not None:  # a farewell would only wait behind all the rest
            self.ws_connection.on_connection_close()

    def on_message(self, message: str | bytes) -> None:
        """Ignore it: a student has nothing to say here."""

    def on_close(self) -> None:
        """Forget the connection."""
        self._room.set()
        self.service.live.discard(self)
        self.service.hub.leave(self)

    def go_away(self) -> None:
        """The service is stopping: the client will connect to another, or again."""
        self.close(_GOING_AWAY, "the service is stopping")
