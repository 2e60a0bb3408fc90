"""One connection to Redis on which nothing is ever repeated behind the caller's back.

The clients of redis-py repeat a command whose reply was lost: an XREADGROUP so repeated takes a
second job, an XADD reports twice. This stands one layer lower, on redis-py's own connection, which
also answers in half the time. After a fault the next call connects anew.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

from nbjudge_course.errors import Unavailable
from redis.backoff import NoBackoff
from redis.connection import ConnectionPool
from redis.exceptions import NoScriptError, RedisError, ResponseError
from redis.retry import Retry

SOCKET_TIMEOUT_SECONDS = 10.0

Reply = Any
"""What Redis answers: None, int, bytes, and lists of these."""


class Script:
    """A Lua script that stands in a package, unless said otherwise in this one."""

    def __init__(self, name: str, package: str = __package__) -> None:
        self.source = files(package).joinpath(name).read_text(encoding="utf-8")
        self.digest = hashlib.sha1(self.source.encode(), usedforsecurity=False).hexdigest()


class Connection:
    """A connection for one thread. Every fault but an error reply becomes Unavailable."""

    def __init__(self, url: str) -> None:
        pool = ConnectionPool.from_url(
            url,
            protocol=2,
            socket_timeout=SOCKET_TIMEOUT_SECONDS,
            socket_connect_timeout=2.0,
            retry=Retry(NoBackoff(), 0),
        )
        self._connection: Any = pool.make_connection()
        self._silent = False

    def call(self, *words: str | bytes | int) -> Reply:
        """Send one command and return its reply. Raises ResponseError when that is an error."""
        try:
            self._connection.send_command(*words, check_health=False)
            return self._connection.read_response()
        except ResponseError:
            raise
        except (RedisError, OSError) as error:
            self.close()
            raise Unavailable(f"the queue does not answer: {error}") from error

    def run(self, script: Script, keys: Sequence[str], args: Sequence[str | bytes | int]) -> Reply:
        """Run the script by its digest, or in full when the server has forgotten it."""
        try:
            return self.call("EVALSHA", script.digest, len(keys), *keys, *args)
        except NoScriptError:
            return self.call("EVAL", script.source, len(keys), *keys, *args)

    def tell(self, *words: str | bytes | int) -> None:
        """Send one command and do not wait; the server will answer nothing here from now on."""
        try:
            if not self._silent:
                self._connection.send_command("CLIENT", "REPLY", "OFF", check_health=False)
                self._silent = True
            self._connection.send_command(*words, check_health=False)
        except (RedisError, OSError) as error:
            self.close()
            raise Unavailable(f"the queue does not answer: {error}") from error

    def close(self) -> None:
        """Close the connection; the next call opens it again."""
        self._silent = False
        self._connection.disconnect()


@contextmanager
def no_error() -> Iterator[None]:
    """A server that answers with an error (read-only, out of memory) is not available either."""
    try:
        yield
    except ResponseError as error:
        raise Unavailable(f"the queue refuses: {error}") from error
