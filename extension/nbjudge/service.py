"""Where the grader service is, and who the student is, from the environment."""

import os
from collections.abc import Mapping

import msgspec
from nbjudge_course.errors import Unavailable

_ADVICE = "nbjudge is not set up here: set NBJUDGE_SERVICE_URL to the address of the grader service"


class ServiceSettings(msgspec.Struct, frozen=True):
    """The service and the student's token for it. The token stays on this machine."""

    url: str
    token: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "ServiceSettings":
        """Read NBJUDGE_SERVICE_URL, and NBJUDGE_TOKEN or JUPYTERHUB_API_TOKEN.

        Raises Unavailable that says what to set.
        """
        url = environment.get("NBJUDGE_SERVICE_URL", "").rstrip("/")
        if not url.startswith(("http://", "https://")):
            raise Unavailable(_ADVICE)
        token = environment.get("NBJUDGE_TOKEN") or environment.get("JUPYTERHUB_API_TOKEN") or ""
        return cls(url, token)

    @property
    def headers(self) -> dict[str, str]:
        """The identity, as the service wants it."""
        return {"Authorization": f"token {self.token}"}

    @property
    def live_url(self) -> str:
        """The address of the service's websocket."""
        return "ws" + self.url.removeprefix("http") + "/api/live"
