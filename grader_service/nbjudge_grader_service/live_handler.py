"""The websocket side of the service: one live connection of a student."""

from asyncio import Future

from nbjudge_course.errors import NbjudgeError, Unavailable
from nbjudge_course.wire import Frame, encode_json
from tornado import websocket

from nbjudge_grader_service.refusals import Refused, number, refusal_of
from nbjudge_grader_service.service import Service, identified

_MAX_UNSENT_BYTES = 1024 * 1024
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

    async def prepare(self) -> None:
        """Find out who is asking."""
        try:
            account = await identified(self.request.headers.get("Authorization", ""), self.service)
            self.revision = number(self.get_query_argument("revision", "0"), 1 << 53)
        except (NbjudgeError, Refused) as error:
            status, refusal = refusal_of(error, 500)
            self.set_status(status)
            self.finish(encode_json(refusal))
        else:
            self.student = account.name

    def check_origin(self, origin: str) -> bool:  # noqa: ARG002  # there is no cookie to abuse
        """Allow any: who connects shows a token."""
        return True

    async def open(self, *_: str, **__: str) -> None:
        """Greet and replay."""
        try:
            await self.service.hub.join(self)
        except Unavailable:
            self.close(1013, "try again")

    def send(self, frame: Frame) -> None:
        """Send a frame. A reader that stalls is dropped: it will come back and replay."""
        data = encode_json(frame)
        if self._unsent > _MAX_UNSENT_BYTES:
            self.service.hub.leave(self)
            self.request.connection.stream.close()  # type: ignore[union-attr]  # it is open
            return
        try:
            sent = self.write_message(data)
        except websocket.WebSocketClosedError:
            self.service.hub.leave(self)
            return
        self._unsent += len(data)
        sent.add_done_callback(lambda done: self._was_sent(done, len(data)))

    def _was_sent(self, done: Future[None], size: int) -> None:
        self._unsent -= size
        if not done.cancelled() and done.exception() is not None:
            self.service.hub.leave(self)

    def on_message(self, message: str | bytes) -> None:
        """Ignore it: a student has nothing to say here."""

    def on_close(self) -> None:
        """Forget the connection."""
        self.service.hub.leave(self)

    def go_away(self) -> None:
        """The service is stopping: the client will connect to another, or again."""
        self.close(_GOING_AWAY, "the service is stopping")
