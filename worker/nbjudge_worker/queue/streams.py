"""The worker's queue on Redis streams (Redis >= 6.2 or Valkey).

A job whose reply was lost on its way here stays pending under our name and lapses like anybody's.
"""

import logging
import threading
import time
from collections.abc import Sequence

from nbjudge_course.errors import BadMessage, Unavailable
from nbjudge_course.problem import Problem
from nbjudge_course.verdict import Verdict
from nbjudge_course.wire import (
    DEAD,
    EVENTS,
    JOBS,
    RESULTS,
    WANTED,
    WORKERS,
    Job,
    ProgressEvent,
    Result,
    WorkerReport,
    cancel_key,
    decode,
    encode,
    encode_json,
    problem_key,
    queued_key,
    worker_key,
)
from redis.exceptions import ResponseError

from nbjudge_worker.queue.connection import Connection, Reply, Script, no_error
from nbjudge_worker.queue.port import DELIVERY_LIMIT, Finished, Lease, Standing, given_up

logger = logging.getLogger(__name__)

MAX_BLOCK_SECONDS = 2.0
REPORT_SECONDS = 10
"""How long a report says that its worker lives."""
FINISHED_SECONDS = 600
"""How long a late repetition of the same attempt is still recognised."""
DEAD_LETTERS = 1000
SILENT_SECONDS = 3600
"""A worker that was silent for so long, and holds nothing, is struck off the list."""
UNREADABLE_PAUSE_SECONDS = 1.0


class RedisQueue:
    """The real queue, for one worker."""

    def __init__(self, url: str, *, worker: str, lease_seconds: float = 10.0) -> None:
        self._worker = worker
        self._lease_seconds = lease_seconds
        self._reclaimed_at = float("-inf")
        self._jobs = Connection(url)
        self._pulse = Connection(url)
        self._announcer = Connection(url)
        self._announcing = threading.Lock()
        self._finish = Script("finish.lua")
        self._reclaim = Script("reclaim.lua")
        self._renew = Script("renew.lua")
        self._release = Script("release.lua")
        self._leave = Script("leave.lua")

    def take(self, block_seconds: float) -> Lease | None:
        """Look for a lapsed job if it is time to, then wait for a new one."""
        with no_error():
            try:
                return self._lapsed() or self._new(block_seconds)
            except ResponseError as error:
                if not str(error).startswith("NOGROUP"):
                    raise
                self._make_group(self._jobs)
                return None

    def _lapsed(self) -> Lease | None:
        if not self._reclaim_is_due():
            return None
        lease_milliseconds = int(self._lease_seconds * 1000)
        args = (WORKERS, self._worker, lease_milliseconds, cancel_key(""))
        while reply := self._jobs.run(self._reclaim, [JOBS], args):
            lease = self._accept(*reply)
            if lease is not None:
                return lease
        self._reclaimed_at = time.monotonic()
        return None

    def _reclaim_is_due(self) -> bool:
        return time.monotonic() - self._reclaimed_at >= self._lease_seconds / 2

    def _new(self, block_seconds: float) -> Lease | None:
        block = max(1, int(min(block_seconds, MAX_BLOCK_SECONDS) * 1000))
        reply = self._jobs.call(
            *("XREADGROUP", "GROUP", WORKERS, self._worker, "COUNT", 1, "BLOCK", block),
            *("STREAMS", JOBS, ">"),
        )
        if not reply:
            return None
        entry, fields = reply[0][1][0]
        submission = dict(zip(fields[::2], fields[1::2], strict=True)).get(b"id", b"").decode()
        cancelled = self._jobs.call("EXISTS", cancel_key(submission))
        return self._accept(entry, fields, 1, cancelled)

    def _accept(
        self, entry: bytes, fields: Sequence[bytes], deliveries: int, cancelled: int
    ) -> Lease | None:
        """Turn what was delivered into a lease; give up what came too often or is unreadable."""
        content = dict(zip(fields[::2], fields[1::2], strict=True))
        try:
            job = decode(content.get(b"job", b""), Job)
        except BadMessage:
            logger.exception("Job %s cannot be read by this worker", entry)
            job = None
        if deliveries > DELIVERY_LIMIT:
            self._bury(entry, content.get(b"id", b"").decode(), job)
            return None
        if job is None:
            self._give_back(entry, UNREADABLE_PAUSE_SECONDS, blame=True)
            return None
        if deliveries > 1:
            logger.info("Submission %s is taken over, delivery %d", job.submission.id, deliveries)
        return Lease(entry.decode(), job, deliveries, bool(cancelled))

    def _bury(self, entry: bytes, submission: str, job: Job | None) -> None:
        logger.error("Submission %s is given up after %d deliveries", submission, DELIVERY_LIMIT)
        attempt = 0 if job is None else job.attempt
        verdict = given_up(DELIVERY_LIMIT)
        self._end(entry.decode(), submission, attempt, verdict, reason="delivered too often")

    def renew(self, lease: Lease) -> Standing:
        """Keep the lease by one script that looks at its owner first."""
        keys = [JOBS, cancel_key(lease.job.submission.id)]
        with no_error():
            standing = self._pulse.run(self._renew, keys, [WORKERS, self._worker, lease.entry])
        return {-1: Standing.LOST, 1: Standing.CANCELLED}.get(standing, Standing.HELD)

    def finish(self, lease: Lease, verdict: Verdict, *, take_next: bool) -> Finished:
        """Report by one script; when it is time to look for lapsed jobs, `take` goes first."""
        job = lease.job
        take_next = take_next and not self._reclaim_is_due()
        with no_error():
            recorded, *following = self._end(
                lease.entry, job.submission.id, job.attempt, verdict, take_next=take_next
            )
            following_lease = self._accept(*following) if following else None
        return Finished(bool(recorded), following_lease)

    def _end(
        self,
        entry: str,
        submission: str,
        attempt: int,
        verdict: Verdict,
        *,
        reason: str = "",
        take_next: bool = False,
    ) -> Reply:
        result = Result(
            submission=submission, attempt=attempt, worker=self._worker, verdict=verdict
        )
        keys = [JOBS, RESULTS, DEAD, queued_key(submission)]
        args = (
            *(WORKERS, self._worker, entry, submission, encode(result)),
            *(reason, DEAD_LETTERS, FINISHED_SECONDS, int(take_next), cancel_key("")),
        )
        return self._jobs.run(self._finish, keys, args)

    def release(self, lease: Lease, *, pause_seconds: float, blame: bool) -> None:
        """Pretend that the lease has been idle for all but the pause."""
        with no_error():
            self._give_back(lease.entry, pause_seconds, blame=blame)

    def _give_back(self, entry: str | bytes, pause_seconds: float, *, blame: bool) -> None:
        idle = max(0, int((self._lease_seconds - pause_seconds) * 1000))
        self._jobs.run(self._release, [JOBS], [WORKERS, self._worker, entry, idle, int(blame)])

    def announce(self, event: ProgressEvent) -> None:
        """Publish without waiting for the answer."""
        try:
            with self._announcing:
                self._announcer.tell("PUBLISH", EVENTS, encode(event))
        except Unavailable as error:
            logger.debug("Progress is lost: %s", error)

    def problem(self, version: str) -> Problem | None:
        """Fetch the problem from the cache."""
        with no_error():
            data = self._jobs.call("GET", problem_key(version))
        return None if data is None else decode(data, Problem)

    def want(self, version: str) -> None:
        """Ask the service for the problem."""
        with no_error():
            self._jobs.call("PUBLISH", WANTED, version)

    def report(self, report: WorkerReport) -> None:
        """Leave a note that expires soon; before Redis 7.2 a first read puts nobody on the list."""
        key = worker_key(self._worker)
        with no_error():
            self._make_group(self._pulse)
            self._pulse.call("XGROUP", "CREATECONSUMER", JOBS, WORKERS, self._worker)
            self._pulse.call("SET", key, encode_json(report), "EX", REPORT_SECONDS)

    def leave(self) -> None:
        """Strike this worker off the list, and those that went without leave."""
        with no_error():
            self._jobs.call("DEL", worker_key(self._worker))
            self._jobs.run(self._leave, [JOBS], [WORKERS, self._worker, SILENT_SECONDS * 1000])

    def _make_group(self, connection: Connection) -> None:
        try:
            connection.call("XGROUP", "CREATE", JOBS, WORKERS, "0", "MKSTREAM")
        except ResponseError as error:
            if not str(error).startswith("BUSYGROUP"):
                raise

    def close(self) -> None:
        """Close all connections."""
        self._announcer.close()
        self._pulse.close()
        self._jobs.close()
