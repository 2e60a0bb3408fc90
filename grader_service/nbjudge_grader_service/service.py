"""The parts of the service, as its handlers use them."""

from dataclasses import dataclass, field
from typing import Protocol
from weakref import WeakSet

from nbjudge_grader_service.admission import Bucket, Policy
from nbjudge_grader_service.backlog import Backlog
from nbjudge_grader_service.dispatch import Dispatcher
from nbjudge_grader_service.identity import Account, Authenticator
from nbjudge_grader_service.live import Hub
from nbjudge_grader_service.metrics import Metrics
from nbjudge_grader_service.problems import Problems
from nbjudge_grader_service.queue import Queue
from nbjudge_grader_service.refusals import refused
from nbjudge_grader_service.store import Store


class Leaving(Protocol):
    """A connection that can be told that the service stops."""

    def go_away(self) -> None:
        """Say so, and close it."""
        ...


@dataclass(frozen=True)
class Service:
    """The parts that handlers use."""

    store: Store
    queue: Queue
    authenticator: Authenticator
    problems: Problems
    dispatcher: Dispatcher
    hub: Hub
    backlog: Backlog
    policy: Policy
    metrics: Metrics = field(default_factory=Metrics)
    metrics_token: str = field(default="", repr=False)
    """Who shows it may read the metrics, and nothing else."""
    buckets: dict[str, Bucket] = field(default_factory=dict)
    live: WeakSet[Leaving] = field(default_factory=WeakSet)
    """The connections, those included that are only being greeted."""
    unanswered: WeakSet[object] = field(default_factory=WeakSet)
    """The requests that are being answered now."""


async def identified(authorization: str, service: Service) -> Account:
    """Return who sends this Authorization header. Raises Refused or Unavailable."""
    token = bearer(authorization)
    account = await service.authenticator.account(token) if token else None
    if account is None:
        raise refused(401, "unauthorized", "this needs a valid token: `Authorization: token ...`")
    return account


def bearer(authorization: str) -> str:
    """Return the token that an Authorization header shows, or an empty one."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() in {"token", "bearer"} else ""
