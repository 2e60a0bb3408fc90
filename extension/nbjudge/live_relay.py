"""The websocket from the grader service to the browser, by way of the student's Jupyter server."""

import asyncio
import logging

from jupyter_server.auth.decorator import authorized, ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from nbjudge_course.errors import Unavailable
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import (
    WebSocketClientConnection,
    WebSocketClosedError,
    WebSocketError,
    WebSocketHandler,
    websocket_connect,
)

from nbjudge.relay import AUTH_RESOURCE, CONNECT_TIMEOUT_SECONDS, ReadSettings

logger = logging.getLogger(__name__)

SERVICE_RESTART = 1012
"""The service's side is gone: come back, and what was missed is replayed."""
TRY_AGAIN_LATER = 1013
REFUSED = 1008
PING_SECONDS = 20.0
MAX_FRAME_BYTES = 8 * 1024 * 1024
MAX_FROM_BROWSER_BYTES = 4096
"""The browser has nothing to say here."""
_LARGEST_REVISION = 1 << 53


class LiveRelayHandler(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """One browser's live connection. A slow browser slows the service's side down, not us."""

    auth_resource = AUTH_RESOURCE

    def initialize(self, read_settings: ReadSettings) -> None:
        """Take the parts."""
        self._read_settings = read_settings
        self._passing: asyncio.Task[None] | None = None
        self._revision = 0

    @property
    def max_message_size(self) -> int:
        """How much the browser may say at once."""
        return MAX_FROM_BROWSER_BYTES

    @ws_authenticated
    @authorized
    async def get(self, *args: str, **kwargs: str) -> None:
        """Open the websocket, for who may use this Jupyter server only."""
        said = self.get_query_argument("revision", "0")
        self._revision = int(said[:16]) if said.isascii() and said.isdigit() else 0
        await super().get(*args, **kwargs)

    def open(self, *args: str, **kwargs: str) -> None:
        """Begin to pass frames on."""
        super().open(*args, **kwargs)
        self._passing = asyncio.ensure_future(self._pass_on())

    def on_message(self, message: str | bytes) -> None:
        """Ignore it."""

    def on_close(self) -> None:
        """Let the service's side go as well."""
        if self._passing is not None:
            self._passing.cancel()
        super().on_close()

    async def _pass_on(self) -> None:
        try:
            service = await self._connect()
        except Unavailable as error:
            self.close(TRY_AGAIN_LATER, str(error)[:100])
            return
        except HTTPClientError as error:
            final = error.code in {401, 403}
            logger.warning("The service refused the live connection: %s", error.code)
            self.close(REFUSED if final else TRY_AGAIN_LATER, "the grading service refused")
            return
        try:
            await self._copy(service)
        finally:
            service.close()

    async def _copy(self, service: WebSocketClientConnection) -> None:
        """Wait for each frame to leave before the next is read: nothing piles up here."""
        while (frame := await service.read_message()) is not None:
            try:
                await self.write_message(frame)
            except WebSocketClosedError:
                return
        self.close(SERVICE_RESTART, "the grading service went away")

    async def _connect(self) -> WebSocketClientConnection:
        settings = self._read_settings()
        request = HTTPRequest(
            settings.live_url(min(self._revision, _LARGEST_REVISION)),
            headers={"Authorization": settings.authorization},
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            request_timeout=CONNECT_TIMEOUT_SECONDS,
        )
        try:
            return await websocket_connect(
                request,
                ping_interval=PING_SECONDS,
                ping_timeout=PING_SECONDS,
                max_message_size=MAX_FRAME_BYTES,
            )
        except HTTPClientError as error:
            if error.code == 599:  # tornado's word for no answer
                raise Unavailable("the grading service does not answer") from error
            raise
        except (OSError, WebSocketError) as error:
            raise Unavailable("the grading service does not answer") from error
