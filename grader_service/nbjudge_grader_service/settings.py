"""The settings of the service, from the environment."""

import os
from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta
from nbjudge_course.environment import setting

Positive = Annotated[int, Meta(ge=1)]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator can choose."""

    host: str = "127.0.0.1"
    """NBJUDGE_SERVICE_HOST: the address to listen on."""
    port: Annotated[int, Meta(ge=0, le=65535)] = 8803
    """NBJUDGE_SERVICE_PORT."""
    database_url: str = "sqlite:///nbjudge.db"
    """NBJUDGE_DATABASE_URL: sqlite:///… or postgresql://…"""
    redis_url: str = "redis://127.0.0.1:6379/0"
    """NBJUDGE_REDIS_URL: redis://, rediss:// or unix://."""
    tokens: str = ""
    """NBJUDGE_TOKENS: a JSON file `{token: {"name": ..., "instructor": ...}}`."""
    hub_api_url: str = ""
    """JUPYTERHUB_API_URL: ask this JupyterHub who a token belongs to."""
    instructors: str = "instructors"
    """NBJUDGE_INSTRUCTORS: the JupyterHub group whose members are instructors."""
    window: Positive | None = None
    """NBJUDGE_WINDOW: how many submissions of one student are with the workers at a time; not set:
    as many as the workers need, at least 2.
    """
    max_open: Positive = 200
    """NBJUDGE_MAX_OPEN: how many submissions of one student may be without a verdict."""
    rate_per_minute: Annotated[float, Meta(gt=0)] = 60.0
    """NBJUDGE_RATE_PER_MINUTE: how many submissions a student may make, in the long run."""
    burst: Positive = 30
    """NBJUDGE_BURST: how many at once, after a rest."""
    max_queue: Positive = 20_000
    """NBJUDGE_MAX_QUEUE: beyond so many waiting submissions new ones are asked to come later."""
    metrics_token: str = ""
    """NBJUDGE_METRICS_TOKEN: with it `/metrics` may be read, besides by instructors."""
    die_with_parent: int = 0
    """NBJUDGE_DIE_WITH_PARENT: 1, or the id of the process whose end ends this one."""
    log_level: str = "INFO"
    """NBJUDGE_LOG_LEVEL."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings. Raises msgspec.ValidationError that names the one that is wrong."""
        given = {field: setting(environment, variable) for field, variable in VARIABLES.items()}
        return msgspec.convert({k: v for k, v in given.items() if v}, cls, strict=False)


VARIABLES = {
    "host": "NBJUDGE_SERVICE_HOST",
    "port": "NBJUDGE_SERVICE_PORT",
    "database_url": "NBJUDGE_DATABASE_URL",
    "redis_url": "NBJUDGE_REDIS_URL",
    "tokens": "NBJUDGE_TOKENS",
    "hub_api_url": "JUPYTERHUB_API_URL",
    "instructors": "NBJUDGE_INSTRUCTORS",
    "window": "NBJUDGE_WINDOW",
    "max_open": "NBJUDGE_MAX_OPEN",
    "rate_per_minute": "NBJUDGE_RATE_PER_MINUTE",
    "burst": "NBJUDGE_BURST",
    "max_queue": "NBJUDGE_MAX_QUEUE",
    "metrics_token": "NBJUDGE_METRICS_TOKEN",
    "die_with_parent": "NBJUDGE_DIE_WITH_PARENT",
    "log_level": "NBJUDGE_LOG_LEVEL",
}
