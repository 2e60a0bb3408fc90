"""The server extension: passes the browser's requests on to the grader service as the student.

It adds the student's token on the way there, and hands out nothing but the service's answers.
"""

import asyncio
import logging
from contextlib import suppress
from typing import Any

from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from jupyter_server.utils import url_path_join
from nbjudge_course.errors import Unavailable
from nbjudge_course.wire import Refusal, encode_json
from tornado import web, websocket
from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest

from nbjudge.service import ServiceSettings

logger = logging.getLogger(__name__)

_CONNECT_SECONDS = 5.0
_REQUEST_SECONDS = 30.0
_MAX_MESSAGE_BYTES = 16 * 1024 * 1024
_TRY_AGAIN = 1012  # "service restart": the page reconnects and replays

ROUTES = r"submissions(?:/[0-9a-f]{32})?|problems(?:/[a-z0-9][a-z0-9._-]{0,63})?"


def handlers(base_url: str) -> list[tuple[str, type[web.RequestHandler]]]:
    """Return the routes below the server's base URL."""
    root = url_path_join(base_url, "nbjudge", "api")
    return [(rf"{root}/live", LiveRelay), (rf"{root}/({ROUTES})", Relay)]


class Relay(APIHandler):
    """One request to the service, and its answer."""

    @web.authenticated
    async def get(self, path: str) -> None:
        """Read."""
        await self._relay("GET", path)

    @web.authenticated
    async def post(self, path: str) -> None:
        """Submit."""
        await self._relay("POST", path)

    @web.authenticated
    async def put(self, path: str) -> None:
        """Publish; the service asks for an instructor."""
        await self._relay("PUT", path)

    @web.authenticated
    async def delete(self, path: str) -> None:
        """Take back."""
        await self._relay("DELETE", path)

    async def _relay(self, method: str, path: str) -> None:
        try:
            status, body = await self._asked(method, path)
        except Unavailable as error:
            status, body = 503, refusal("service_unavailable", str(error))
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(body)

    async def _asked(self, method: str, path: str) -> tuple[int, bytes]:
        settings = ServiceSettings.from_environment()
        query = f"?{self.request.query}" if self.request.query else ""
        request = HTTPRequest(
            f"{settings.url}/api/{path}{query}",
            method=method,
            headers={**settings.headers, "Content-Type": "application/json"},
            body=self.request.body if method in {"POST", "PUT"} else None,
            connect_timeout=_CONNECT_SECONDS,
            request_timeout=_REQUEST_SECONDS,
            follow_redirects=False,
        )
        try:
            answer = await AsyncHTTPClient().fetch(request, raise_error=False)
        except (HTTPClientError, OSError) as error:
            raise _away(error) from error
        if answer.code == 599:  # Tornado's own: there was no answer
            raise _away(answer.error)
        return answer.code, answer.body


class LiveRelay(WebSocketMixin, websocket.WebSocketHandler, JupyterHandler):
    """The live connection, passed through. When the service's side drops, so does the page's."""

    _upstream: websocket.WebSocketClientConnection | None = None
    _reading: asyncio.Task[None] | None = None

    @web.authenticated
    async def get(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]  # noqa: ANN401  # Jupyter's
        """Upgrade to a websocket."""
        upgrade = super().get(*args, **kwargs)
        if upgrade is not None:
            await upgrade

    async def open(self, *_: str, **__: str) -> None:
        """Connect to the service and pass on what it says."""
        revision = self.get_query_argument("revision", "0")
        if not (revision.isascii() and revision.isdigit()):
            revision = "0"
        try:
            settings = ServiceSettings.from_environment()
            request = HTTPRequest(
                f"{settings.live_url}?revision={revision}",
                headers=settings.headers,
                connect_timeout=_CONNECT_SECONDS,
            )
            self._upstream = await websocket.websocket_connect(
                request, max_message_size=_MAX_MESSAGE_BYTES, ping_interval=20
            )
        except (Unavailable, HTTPClientError, OSError) as error:
            logger.warning("No live connection to the grader service: %s", error)
            self.close(_TRY_AGAIN, "the grader service does not answer")
            return
        self._reading = asyncio.create_task(self._pass_on(self._upstream))

    async def _pass_on(self, upstream: websocket.WebSocketClientConnection) -> None:
        with suppress(websocket.WebSocketClosedError):
            while (message := await upstream.read_message()) is not None:
                await self.write_message(message)
        self.close(_TRY_AGAIN, "the grader service is gone")

    def on_message(self, message: str | bytes) -> None:
        """Ignore it: a student has nothing to say here."""

    def on_close(self) -> None:
        """Hang up on the service as well."""
        if self._reading is not None:
            self._reading.cancel()
        if self._upstream is not None:
            self._upstream.close()


def refusal(reason: str, message: str) -> bytes:
    """Return a refusal of our own, in the words of the service."""
    return encode_json(Refusal(reason=reason, message=message))


def _away(error: object) -> Unavailable:
    logger.warning("The grader service does not answer: %s", error)
    return Unavailable("the grader service does not answer; your submission is kept here")
