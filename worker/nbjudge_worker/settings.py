"""The settings of a worker, from the environment."""

import os
import secrets
import socket
from collections.abc import Mapping

import msgspec
from nbjudge_course.environment import setting


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator can choose."""

    redis_url: str = "redis://127.0.0.1:6379/0"
    """NBJUDGE_REDIS_URL: redis://, rediss:// or unix://."""
    sandbox: str = "auto"
    """NBJUDGE_SANDBOX: the engine."""
    name: str = ""
    """NBJUDGE_WORKER_NAME: must be unique among living workers; made up when it is empty."""
    lease_seconds: float = 10.0
    """NBJUDGE_LEASE_SECONDS: after so long a silence another worker takes the job over."""
    die_with_parent: int = 0
    """NBJUDGE_DIE_WITH_PARENT: 1 to end when the process that started this one ends; safer is to
    give that process' id, which also tells when it ended before we could ask.
    """
    log_level: str = "INFO"
    """NBJUDGE_LOG_LEVEL."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings. Raises msgspec.ValidationError that names the one that is wrong."""
        given = {
            "redis_url": setting(environment, "NBJUDGE_REDIS_URL"),
            "sandbox": setting(environment, "NBJUDGE_SANDBOX"),
            "name": setting(environment, "NBJUDGE_WORKER_NAME"),
            "lease_seconds": setting(environment, "NBJUDGE_LEASE_SECONDS"),
            "die_with_parent": setting(environment, "NBJUDGE_DIE_WITH_PARENT"),
            "log_level": setting(environment, "NBJUDGE_LOG_LEVEL"),
        }
        settings = {key: value for key, value in given.items() if value}
        return msgspec.convert({"name": _made_up_name(), **settings}, cls, strict=False)


def _made_up_name() -> str:
    return f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"
