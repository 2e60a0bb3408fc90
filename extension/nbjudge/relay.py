"""The student's Jupyter server passes requests on to the grader service, in the student's name."""

import json
import logging
import re
from collections.abc import Callable
from typing import Any

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from nbjudge_course.errors import Unavailable
from nbjudge_course.wire import Refusal, encode_json
from tornado import web
from tornado.httpclient import HTTPClientError, HTTPRequest, HTTPResponse
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from nbjudge.settings import Settings

logger = logging.getLogger(__name__)

AUTH_RESOURCE = "nbjudge"
MAX_BODY_BYTES = 8 * 1024 * 1024
"""Of a request, which may be a problem with its files, and of an answer."""
MAX_REQUESTS = 64
"""At once; more wait."""
CONNECT_TIMEOUT_SECONDS = 5.0
REQUEST_TIMEOUT_SECONDS = 25.0
RETRY_AFTER_SECONDS = 2.0

ReadSettings = Callable[[], Settings]
"""Raises Unavailable when nbjudge is not set up."""


def make_client() -> SimpleAsyncHTTPClient:
    """Return the client that all requests share. To be called within the running loop."""
    return SimpleAsyncHTTPClient(
        force_instance=True, max_clients=MAX_REQUESTS, max_body_size=MAX_BODY_BYTES
    )


def service_unavailable(message: str) -> Refusal:
    """Return what is answered when the service did not."""
    return Refusal(
        reason="service_unavailable", message=message, retry_after_seconds=RETRY_AFTER_SECONDS
    )


class RelayHandler(APIHandler):
    """Passes a request on with the student's token, and nothing else of the browser's."""

    auth_resource = AUTH_RESOURCE

    def initialize(
        self,
        read_settings: ReadSettings,
        make_client: Callable[[], SimpleAsyncHTTPClient],
        path: str,
    ) -> None:
        """Take the parts. `path` is the service's, where {} stands for the route's group."""
        self._read_settings = read_settings
        self._make_client = make_client
        self._path = path

    async def relay(self, *names: str) -> None:
        """Answer as the service does, or say why there is no answer."""
        try:
            answer = await self._asked(self._path.format(*names))
        except Unavailable as error:
            self._refuse(503, service_unavailable(str(error)))
            return
        if not _is_json(answer):
            logger.warning("The service answered %s without JSON", answer.code)
            self._refuse(503, service_unavailable("what answers is not the grading service"))
            return
        self.set_status(answer.code)
        if retry := answer.headers.get("Retry-After"):
            self.set_header("Retry-After", retry)
        await self.finish(answer.body)

    async def _asked(self, path: str, method: str | None = None) -> HTTPResponse:
        """Return the service's answer, to the request's own method unless another is given."""
        method = method or self.request.method or "GET"
        settings = self._read_settings()
        headers = {"Authorization": settings.authorization, "Accept": "application/json"}
        has_body = method in {"POST", "PUT"}
        if has_body:
            headers["Content-Type"] = "application/json"
        request = HTTPRequest(
            settings.url(path, _without_token(self.request.query)),
            method=method,
            headers=headers,
            body=self.request.body if has_body else None,
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            request_timeout=REQUEST_TIMEOUT_SECONDS,
            follow_redirects=False,
        )
        try:
            return await self._make_client().fetch(request, raise_error=False)
        except (OSError, HTTPClientError, ValueError) as error:
            logger.warning("The service does not answer: %s", type(error).__name__)
            raise Unavailable("the grading service does not answer") from error

    def _refuse(self, status: int, refusal: Refusal) -> None:
        self.set_status(status)
        self.finish(encode_json(refusal))

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401, ARG002 - tornado's
        """Answer in the shape of a refusal, without a traceback."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        message = getattr(error, "log_message", None) or self._reason
        reason = re.sub(r"[^a-z]+", "_", self._reason.lower()) or "fault"
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps({"reason": reason, "message": message, "retry_after_seconds": None}))


class CollectionHandler(RelayHandler):
    """The student's submissions."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Return them."""
        await self.relay()

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Hand one in."""
        await self.relay()


class SubmissionHandler(RelayHandler):
    """One submission."""

    @web.authenticated
    @authorized
    async def get(self, submission: str) -> None:
        """Return it."""
        await self.relay(submission)

    @web.authenticated
    @authorized
    async def delete(self, submission: str) -> None:
        """Take it back."""
        await self.relay(submission)


class CatalogueHandler(RelayHandler):
    """What is only read: the problems, the sets, how far one is, and who one is."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Return it."""
        await self.relay()


class ProblemHandler(RelayHandler):
    """One problem."""

    @web.authenticated
    @authorized
    async def get(self, problem: str) -> None:
        """Return its statement."""
        await self.relay(problem)

    @web.authenticated
    @authorized
    async def put(self, problem: str) -> None:
        """Publish a version of it: the service asks whether an instructor does."""
        await self.relay(problem)


class NothingHandler(RelayHandler):
    """Every other address below nbjudge/api."""

    @web.authenticated
    @authorized
    async def get(self, _: str) -> None:
        """Say that there is nothing."""
        self._refuse(404, Refusal(reason="not_found", message="there is nothing here"))

    post = put = delete = get


def _is_json(answer: HTTPResponse) -> bool:
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind == "application/json" and not 300 <= answer.code < 400 and answer.code >= 200


def _without_token(query: str) -> str:
    """Return the query without what is meant for the Jupyter server only."""
    return "&".join(part for part in query.split("&") if part and part.partition("=")[0] != "token")
