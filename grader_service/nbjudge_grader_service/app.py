"""The service put together: handlers, and the tasks that run beside them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from nbjudge_course.errors import Unavailable
from tornado import web

from nbjudge_grader_service import (
    course_handlers,
    handlers,
    operation_handlers,
    problem_handlers,
)
from nbjudge_grader_service.admission import Policy
from nbjudge_grader_service.backlog import Backlog
from nbjudge_grader_service.dispatch import Dispatcher
from nbjudge_grader_service.identity import Authenticator
from nbjudge_grader_service.live import Hub
from nbjudge_grader_service.live_handler import LiveHandler
from nbjudge_grader_service.metrics import Metrics
from nbjudge_grader_service.problems import Problems
from nbjudge_grader_service.queue import Queue
from nbjudge_grader_service.results import record_results
from nbjudge_grader_service.service import Service
from nbjudge_grader_service.store import Store

logger = logging.getLogger(__name__)

ROUTES: list[tuple[str, type[web.RequestHandler]]] = [
    ("/api/submissions", handlers.SubmissionsHandler),
    ("/api/submissions/ID", handlers.SubmissionHandler),
    ("/api/submissions/ID/retry", handlers.RetryHandler),
    ("/api/problems", problem_handlers.ProblemsHandler),
    ("/api/problems/ID", problem_handlers.ProblemHandler),
    ("/api/problems/ID/live", problem_handlers.LiveVersionHandler),
    ("/api/problems/ID/handout", course_handlers.HandoutHandler),
    ("/api/sets", course_handlers.SetsHandler),
    ("/api/standings", course_handlers.StandingsHandler),
    ("/api/me", course_handlers.MeHandler),
    ("/api/dead", handlers.DeadHandler),
    ("/api/status", operation_handlers.StatusHandler),
    ("/api/live", LiveHandler),
    ("/api/openapi.json", handlers.OpenApiHandler),
    ("/healthz", operation_handlers.HealthHandler),
    ("/metrics", operation_handlers.MetricsHandler),
]
_ROUTES_BY_HANDLER = {handler: route for route, handler in ROUTES}

MAX_BODY_BYTES = 10 * 1024 * 1024
_SYNCHRONIZE_SECONDS = 10.0
_PING_SECONDS = 30.0
_RESTART_SECONDS = 1.0
_FAREWELL_SECONDS = 0.25
_LOOK_SECONDS = 0.01


def new_service(
    store: Store,
    queue: Queue,
    authenticator: Authenticator,
    *,
    policy: Policy | None = None,
    window: int | None = None,
    metrics: Metrics | None = None,
    metrics_token: str = "",
) -> Service:
    """Put the parts together."""
    backlog = Backlog(queue, store)
    hub = Hub(store, queue, backlog.wait_seconds)
    problems = Problems(store, queue)
    dispatcher = Dispatcher(store, queue, window)
    hub.on_publish.append(problems.forget)
    return Service(
        store=store,
        queue=queue,
        authenticator=authenticator,
        problems=problems,
        dispatcher=dispatcher,
        hub=hub,
        backlog=backlog,
        policy=policy or Policy(),
        metrics=metrics or Metrics(),
        metrics_token=metrics_token,
    )


def new_application(service: Service) -> web.Application:
    """Return the Tornado application."""
    parts = {"service": service}
    return web.Application(
        [(route.replace("ID", "([^/]+)"), handler, parts) for route, handler in ROUTES],
        default_handler_class=handlers.NothingHandler,
        default_handler_args=parts,
        websocket_ping_interval=_PING_SECONDS,
        websocket_max_message_size=4096,
        log_function=lambda handler: _note(handler, service.metrics),
    )


@asynccontextmanager
async def running(service: Service) -> AsyncIterator[None]:
    """Run the tasks beside the handlers; in the end say good-bye to every connection."""

    def changed(student: str) -> None:
        started.add(task := asyncio.create_task(service.dispatcher.ring(student)))
        task.add_done_callback(started.discard)

    started: set[asyncio.Task[None]] = set()
    service.hub.on_change.append(changed)
    works: list[Callable[[], Awaitable[None]]] = [
        lambda: record_results(service.store, service.queue, service.metrics.graded),
        service.backlog.run,
        service.dispatcher.run,
        service.hub.run,
        service.hub.run_positions,
        service.problems.supply,
        lambda: _synchronize(service.problems),
    ]
    tasks = [asyncio.create_task(_for_ever(work)) for work in works]
    try:
        yield
    finally:
        service.hub.on_change.remove(changed)
        await _say_good_bye(service)
        for task in [*tasks, *started]:
            task.cancel()
        for task in [*tasks, *started]:
            with suppress(asyncio.CancelledError):
                await task


async def answered(service: Service, patience_seconds: float) -> None:
    """Wait until the requests that are being answered now have their answers."""
    await _while(lambda: service.unanswered, patience_seconds)


async def _say_good_bye(service: Service) -> None:
    for connection in list(service.live):
        connection.go_away()
    await _while(lambda: service.live, _FAREWELL_SECONDS)


async def _while(condition: Callable[[], object], patience_seconds: float) -> None:
    for _ in range(round(patience_seconds / _LOOK_SECONDS)):
        if not condition():
            return
        await asyncio.sleep(_LOOK_SECONDS)


async def _for_ever(work: Callable[[], Awaitable[None]]) -> None:
    """Run a task that must not end. If it does, that is a fault to be seen, and it begins anew."""
    while True:
        try:
            await work()
        except Exception:
            logger.exception("A task of the service has failed and begins anew")
        await asyncio.sleep(_RESTART_SECONDS)


async def _synchronize(problems: Problems) -> None:
    while True:
        try:
            await problems.synchronize()
        except Unavailable as error:
            logger.warning("Could not announce a publication, it is tried again: %s", error)
        await asyncio.sleep(_SYNCHRONIZE_SECONDS)


def _note(handler: web.RequestHandler, metrics: Metrics) -> None:
    """Measure an answer, and log those that are our fault."""
    request, status = handler.request, handler.get_status()
    known = request.method in web.RequestHandler.SUPPORTED_METHODS
    method = str(request.method) if known else "other"
    route = _ROUTES_BY_HANDLER.get(type(handler), "none")
    metrics.answered(method, route, status, request.request_time())
    if status >= 500:
        logger.warning("%s %s %s", status, request.method, request.path)
