"""What a process of the service counts and measures, for Prometheus, in a registry of its own.

No label holds what a student, an author or a client chose: the number of series is bounded.
"""

from collections.abc import Sequence
from importlib.metadata import version

from nbjudge_course.verdict import Status
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    Metric,
    ProcessCollector,
)
from prometheus_client.exposition import choose_encoder

from nbjudge_grader_service.observation import Observation
from nbjudge_grader_service.store import Graded

_WAIT_SECONDS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600)
_COMMIT_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_UNKNOWN = float("nan")


class Metrics:
    """The metrics of one process. Its methods may be called in any thread."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._count_what_happens()
        self._measure_the_whole()
        Info("nbjudge_build", "The version of the service.", registry=self._registry).info(
            {"version": version("nbjudge-grader-service")}
        )
        ProcessCollector(registry=self._registry)

    def _count_what_happens(self) -> None:
        """Make what each process counts for itself; the sum of all processes is the truth."""
        self._submissions = Counter(
            "nbjudge_submissions",
            "Submissions that were posted: accepted, repeated, or the reason of the refusal.",
            ["outcome"],
            registry=self._registry,
        )
        self._verdicts = Counter(
            "nbjudge_verdicts",
            "Verdicts that were written to the database, each counted in one process.",
            ["status"],
            registry=self._registry,
        )
        self._wait = Histogram(
            "nbjudge_submission_wait_seconds",
            "From accepting a submission (202) to its verdict in the database.",
            buckets=_WAIT_SECONDS,
            registry=self._registry,
        )
        self._commit = Histogram(
            "nbjudge_store_commit_seconds",
            "A transaction of the database that writes, with the wait for its lock.",
            buckets=_COMMIT_SECONDS,
            registry=self._registry,
        )
        self._requests = Histogram(
            "nbjudge_http_request_duration_seconds",
            "Answering a request; of a websocket, until it was open.",
            ["method", "route", "status"],
            buckets=_REQUEST_SECONDS,
            registry=self._registry,
        )
        self._connections = self._gauge(
            "nbjudge_websocket_connections", "Live connections of students now."
        )
        self._dropped = Counter(
            "nbjudge_websocket_dropped",
            "Connections that were cut because their reader stalled.",
            registry=self._registry,
        )
        for status in Status:
            self._verdicts.labels(status)
        for outcome in ("accepted", "repeated", "queue_full", "no_space", "unavailable", "fault"):
            self._submissions.labels(outcome)

    def _measure_the_whole(self) -> None:
        """Make what every process sees alike: take the maximum over processes, not the sum."""
        self._waiting = self._gauge(
            "nbjudge_queue_waiting_jobs", "Jobs in the queue that no worker has taken."
        )
        self._running = self._gauge("nbjudge_queue_running_jobs", "Jobs that workers have taken.")
        self._oldest = Gauge(
            "nbjudge_queue_oldest_waiting_seconds",
            "How long the next job has waited; 0 when none waits.",
            registry=self._registry,
        )
        self._dead = self._gauge(
            "nbjudge_queue_dead_jobs", "Jobs that were given up and can be looked at."
        )
        self._open = self._gauge(
            "nbjudge_open_submissions", "Submissions in the database without a verdict."
        )
        self._workers = self._gauge("nbjudge_workers", "Workers that live.")
        self._busy = self._gauge("nbjudge_workers_busy", "Workers that grade something now.")
        self._redis = self._gauge("nbjudge_redis_up", "1 when Redis answers, else 0.")
        self._database = self._gauge(
            "nbjudge_database_up", "1 when the database can be written and read, else 0."
        )

    def _gauge(self, name: str, documentation: str) -> Gauge:
        return Gauge(name, documentation, registry=self._registry)

    def submitted(self, outcome: str) -> None:
        """Count a POST of a submission: `accepted`, `repeated`, or the reason of the refusal."""
        self._submissions.labels(outcome).inc()

    def graded(self, verdicts: Sequence[Graded]) -> None:
        """Count verdicts that this process has written."""
        for one in verdicts:
            self._verdicts.labels(one.status).inc()
            if one.waited_seconds is not None:
                self._wait.observe(one.waited_seconds)

    def committed(self, seconds: float) -> None:
        """Note how long a transaction took."""
        self._commit.observe(seconds)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Note an answer to a request. `method` and `route` must be of a bounded set."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def dropped(self) -> None:
        """Count a connection that was cut."""
        self._dropped.inc()

    def families(self) -> list[Metric]:
        """Return all metrics, with their help."""
        return list(self._registry.collect())

    def exposition(self, seen: Observation, connections: int, accept: str) -> tuple[bytes, str]:
        """Return the metrics as they are now and their content type.

        `accept` is what the client can read. What did not answer is not a number.
        """
        self._connections.set(connections)
        load, workers = seen.load, seen.workers
        self._redis.set(load is not None and workers is not None)
        self._database.set(seen.open is not None)
        self._waiting.set(_UNKNOWN if load is None else load.waiting)
        self._running.set(_UNKNOWN if load is None else load.running)
        self._oldest.set(_UNKNOWN if load is None else load.oldest_waiting_seconds or 0.0)
        self._dead.set(_UNKNOWN if load is None else load.dead)
        self._open.set(_UNKNOWN if seen.open is None else seen.open)
        self._workers.set(_UNKNOWN if workers is None else len(workers))
        busy = None if workers is None else sum(one.running is not None for one in workers)
        self._busy.set(_UNKNOWN if busy is None else busy)
        encode, content_type = choose_encoder(accept)
        return encode(self._registry), content_type
