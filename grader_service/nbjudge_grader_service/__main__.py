"""The service as a process, `python -m nbjudge_grader_service`: here the real parts are made."""

import asyncio
import contextlib
import logging
import signal
import sys
from pathlib import Path

import msgspec
from nbjudge_course.errors import NbjudgeError
from nbjudge_course.parent import die_with_parent
from tornado.httpserver import HTTPServer

from nbjudge_grader_service.admission import Policy
from nbjudge_grader_service.app import (
    MAX_BODY_BYTES,
    answered,
    new_application,
    new_service,
    running,
)
from nbjudge_grader_service.identity import Authenticator, JupyterHub, Nobody, TokenFile
from nbjudge_grader_service.metrics import Metrics
from nbjudge_grader_service.queue import RedisQueue
from nbjudge_grader_service.settings import Settings
from nbjudge_grader_service.store import SqlStore

if sys.platform != "win32":
    import resource

logger = logging.getLogger(__name__)

_LAST_ANSWERS_SECONDS = 5.0


def main() -> int:
    """Serve until SIGTERM or SIGINT."""
    try:
        settings = Settings.from_environment()
    except msgspec.ValidationError as error:
        sys.stderr.write(f"a setting of the service is wrong: {error}\n")
        return 2
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    if settings.die_with_parent:
        die_with_parent(settings.die_with_parent)
    _allow_many_connections()
    try:
        asyncio.run(_serve(settings))
    except (NbjudgeError, OSError) as error:
        logger.error("The service cannot run: %s", error)  # its message is enough
        return 1
    return 0


async def _serve(settings: Settings) -> None:
    metrics = Metrics()
    store = SqlStore.open(settings.database_url, committed=metrics.committed)
    queue = RedisQueue(settings.redis_url)
    service = new_service(
        store,
        queue,
        _authenticator(settings),
        policy=_policy(settings),
        window=settings.window,
        metrics=metrics,
        metrics_token=settings.metrics_token,
    )
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    server = HTTPServer(new_application(service), max_body_size=MAX_BODY_BYTES, xheaders=False)
    try:
        server.listen(settings.port, settings.host)
        logger.info("The service listens on http://%s:%s", settings.host, settings.port)
        async with running(service):
            await stop.wait()
            logger.info("The service stops")
            server.stop()
            await answered(service, _LAST_ANSWERS_SECONDS)
        await server.close_all_connections()
    finally:
        await queue.close()
        await store.close()


def _allow_many_connections() -> None:
    """Each student's websocket is an open file, and the usual limit of 1,024 is for programs."""
    if sys.platform != "win32":
        with contextlib.suppress(ValueError, OSError):
            _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _authenticator(settings: Settings) -> Authenticator:
    if settings.tokens:
        return TokenFile(Path(settings.tokens))
    if settings.hub_api_url:
        return JupyterHub(settings.hub_api_url, settings.instructors)
    logger.warning("Neither NBJUDGE_TOKENS nor JUPYTERHUB_API_URL is set: nobody can get in")
    return Nobody()


def _policy(settings: Settings) -> Policy:
    return Policy(
        max_open=settings.max_open,
        rate_per_second=settings.rate_per_minute / 60,
        burst=settings.burst,
        max_queue=settings.max_queue,
    )


if __name__ == "__main__":
    sys.exit(main())
