"""The service as an instructor's commands see it: what is live, what is put, how it is doing."""

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import TypeVar

import msgspec

from nbjudge_course.errors import BadMessage, Unavailable
from nbjudge_course.outline import Outline
from nbjudge_course.problem import Problem, Statement
from nbjudge_course.service_status import ServiceStatus
from nbjudge_course.terms import Terms
from nbjudge_course.wire import Refusal, decode_json, encode_json

T = TypeVar("T")

DEFAULT_URL = "http://127.0.0.1:8803"
TIMEOUT_SECONDS = 30.0


class Publication(Terms, frozen=True, kw_only=True):
    """What is sent to make a version of a problem live."""

    problem: Problem


class LiveVersion(Terms, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """What an instructor is told of the live version of a problem."""

    problem: Problem
    submissions: int
    """How many submissions were graded on it, or are about to be."""


class _Statements(msgspec.Struct, frozen=True):
    problems: tuple[Statement, ...]


class _Version(msgspec.Struct, frozen=True):
    version: str


class ServiceClient:
    """Speaks HTTP with one grader service, as the owner of one token."""

    def __init__(self, url: str, token: str) -> None:
        if urllib.parse.urlsplit(url).scheme not in {"http", "https"}:
            raise Unavailable(f"{url!r} is no address of a service, such as {DEFAULT_URL}")
        self._url = url.rstrip("/")
        self._token = token

    def live(self) -> dict[str, Statement]:
        """Return what is live now, by the problem's id. Raises Unavailable."""
        statements = self._request("GET", "/api/problems", None, _Statements).problems
        return {statement.id: statement for statement in statements}

    def live_version(self, problem: str) -> LiveVersion:
        """Return the whole live version of a problem. Raises Unavailable."""
        return self._request("GET", f"/api/problems/{problem}/live", None, LiveVersion)

    def publish(self, publication: Publication) -> str:
        """Make a version live and return its digest. Raises Unavailable."""
        path = f"/api/problems/{publication.problem.id}"
        return self._request("PUT", path, encode_json(publication), _Version).version

    def outline(self) -> Outline:
        """Return the sets as they are told to students. Raises Unavailable."""
        return self._request("GET", "/api/sets", None, Outline)

    def publish_outline(self, outline: Outline) -> None:
        """Tell students these sets from now on. Raises Unavailable."""
        self._request("PUT", "/api/sets", encode_json(outline), Outline)

    def status(self) -> ServiceStatus:
        """Return how the service is doing. Raises Unavailable."""
        return self._request("GET", "/api/status", None, ServiceStatus)

    def _request(self, method: str, path: str, body: bytes | None, type_: type[T]) -> T:
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked
            self._url + path,
            data=body,
            method=method,
            headers={
                "Authorization": f"token {self._token}",
                "Content-Type": "application/json",
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                return decode_json(answer.read(), type_)
        except urllib.error.HTTPError as error:
            with error:
                raise Unavailable(_refusal(error.code, error.read())) from error
        except BadMessage as error:
            raise Unavailable(
                f"{self._url} does not answer as a grader service: {error}"
            ) from error
        except OSError as error:
            reason = getattr(error, "reason", error)
            raise Unavailable(f"the service at {self._url} does not answer: {reason}") from error


def _refusal(status: int, body: bytes) -> str:
    """Return what a person can do with a refusal."""
    if status in {401, 403}:
        return "the service does not know you as an instructor; say --token, or set NBJUDGE_TOKEN"
    try:
        return decode_json(body, Refusal).message
    except BadMessage:
        text = json.dumps(body[:200].decode("utf-8", "replace"))
        return f"the service answered {status}: {text}"
