"""What the service says of its own operation over HTTP: metrics, the status, and its health."""

import hmac
import logging

from nbjudge_course.errors import Unavailable

from nbjudge_grader_service.handlers import ServiceHandler
from nbjudge_grader_service.observation import observe
from nbjudge_grader_service.service import bearer
from nbjudge_grader_service.status import status_of

logger = logging.getLogger(__name__)


class StatusHandler(ServiceHandler):
    """How the service is doing."""

    async def get(self) -> None:
        """Return it; instructors only."""
        self.instructor_only()
        service = self.service
        self.answer(await status_of(service.store, service.queue, len(service.live)))


class MetricsHandler(ServiceHandler):
    """What Prometheus scrapes."""

    async def prepare(self) -> None:
        """Let in who shows the token for metrics, or an instructor's."""
        token = bearer(self.request.headers.get("Authorization", "")).encode()
        known = self.service.metrics_token.encode()
        if not known or not hmac.compare_digest(token, known):
            await super().prepare()
            self.instructor_only()

    async def get(self) -> None:
        """Return them in the format that is asked for."""
        service = self.service
        seen = await observe(service.store, service.queue)
        accept = self.request.headers.get("Accept", "")
        text, content_type = service.metrics.exposition(seen, len(service.live), accept)
        self.set_header("Content-Type", content_type)
        self.set_header("Cache-Control", "no-store")
        self.finish(text)


class HealthHandler(ServiceHandler):
    """Whether all parts answer."""

    async def prepare(self) -> None:
        """Anyone may ask."""

    async def get(self) -> None:
        """Return 200, or 503 with the names of what does not answer; why is for the log."""
        faults = []
        for name, check in (
            ("database", self.service.store.ping),
            ("redis", self.service.queue.length),
        ):
            try:
                await check()
            except Unavailable as error:
                logger.warning("The %s does not answer: %s", name, error)
                faults.append(name)
        if faults:
            self.answer({"status": "unavailable", "faults": faults}, 503)
        else:
            self.answer({"status": "ok"})
