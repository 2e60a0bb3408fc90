"""Where the grader service is and who the student is, as the environment says."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from nbjudge_course.errors import Unavailable

NOT_SET_UP = "nbjudge is not set up: set NBJUDGE_SERVICE_URL"
NO_TOKEN = "nbjudge is not set up: set NBJUDGE_TOKEN"  # noqa: S105 - a sentence, not a secret


@dataclass(frozen=True)
class Settings:
    """One grader service, and the token that says who is asking."""

    service_url: str
    token: str = field(repr=False)

    def url(self, path: str, query: str = "") -> str:
        """Return the address of a path of the service's API, such as `submissions`."""
        return f"{self.service_url}/api/{path}" + (f"?{query}" if query else "")

    def live_url(self, revision: int) -> str:
        """Return the websocket's address: what is newer than the revision is replayed."""
        return "ws" + self.url("live", f"revision={revision}").removeprefix("http")

    @property
    def authorization(self) -> str:
        """Return the header that says who is asking."""
        return f"token {self.token}"


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Return the settings. Raise Unavailable that says which one is missing or wrong."""
    found = os.environ if environment is None else environment
    url = found.get("NBJUDGE_SERVICE_URL", "").strip().rstrip("/")
    if not url:
        raise Unavailable(NOT_SET_UP)
    if not _is_address(url):
        raise Unavailable("NBJUDGE_SERVICE_URL is no address, such as http://127.0.0.1:8803")
    token = (found.get("NBJUDGE_TOKEN") or found.get("JUPYTERHUB_API_TOKEN") or "").strip()
    if not token or not token.isascii() or not token.isprintable():
        raise Unavailable(NO_TOKEN)
    return Settings(url, token)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
