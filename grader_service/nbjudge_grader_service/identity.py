"""Who a token belongs to: a file of tokens on a laptop, JupyterHub in a class."""

import hashlib
import logging
import time
from pathlib import Path
from typing import Protocol

import msgspec
from nbjudge_course.errors import BadMessage, Unavailable
from nbjudge_course.wire import decode_json
from tornado.httpclient import AsyncHTTPClient, HTTPClientError

_REMEMBERED_SECONDS = 60.0
_REMEMBERED = 10_000

logger = logging.getLogger(__name__)


class Account(msgspec.Struct, frozen=True):
    """A person who uses the service."""

    name: str
    instructor: bool = False


class Authenticator(Protocol):
    """Tells who a token belongs to."""

    async def account(self, token: str) -> Account | None:
        """Return whose token it is, or None. Raises Unavailable when that cannot be told now."""
        ...


class TokenFile:
    """Tokens from a JSON file, which is read anew when it changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, ...] = ()
        self._accounts: dict[str, Account] = {}

    async def account(self, token: str) -> Account | None:
        """Return whose token it is."""
        try:
            about = self._path.stat()
            seen = (about.st_mtime_ns, about.st_size, about.st_ino)
            if seen != self._seen:
                tokens = decode_json(self._path.read_bytes(), dict[str, Account])
                self._accounts = {_hashed(key): account for key, account in tokens.items()}
                self._seen = seen
        except BadMessage as error:
            if not self._accounts:
                raise Unavailable(f"the file of tokens cannot be read: {error}") from error
            logger.warning("The file of tokens is being written, or wrong: %s", error)
        except OSError as error:
            raise Unavailable(f"the file of tokens cannot be read: {error}") from error
        return self._accounts.get(_hashed(token))


class _HubUser(msgspec.Struct, frozen=True):
    name: str
    groups: tuple[str, ...] = ()
    admin: bool = False


class JupyterHub:
    """Tokens of a JupyterHub, remembered for a minute."""

    def __init__(self, api_url: str, instructors: str) -> None:
        self._url = f"{api_url.rstrip('/')}/user"
        self._instructors = instructors
        self._remembered: dict[str, tuple[float, Account | None]] = {}

    async def account(self, token: str) -> Account | None:
        """Return whose token it is."""
        key, now = _hashed(token), time.monotonic()
        known = self._remembered.get(key)
        if known is not None and now - known[0] < _REMEMBERED_SECONDS:
            return known[1]
        account = await self._asked(token)
        self._remembered.pop(key, None)
        while len(self._remembered) >= _REMEMBERED:
            del self._remembered[next(iter(self._remembered))]
        self._remembered[key] = (now, account)
        return account

    async def _asked(self, token: str) -> Account | None:
        try:
            reply = await AsyncHTTPClient().fetch(
                self._url, headers={"Authorization": f"token {token}"}, request_timeout=10
            )
            user = decode_json(reply.body, _HubUser)
        except HTTPClientError as error:
            if error.code in {401, 403, 404}:
                return None
            raise Unavailable(f"JupyterHub does not answer: {error}") from error
        except (OSError, BadMessage) as error:
            raise Unavailable(f"JupyterHub does not answer: {error}") from error
        return Account(user.name, user.admin or self._instructors in user.groups)


class Nobody:
    """Without tokens nobody gets in."""

    async def account(self, token: str) -> Account | None:  # noqa: ARG002  # the port has it
        """Return None."""
        return None


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
