"""Watching a candidate at work: limits on its time and its output, and on nobody else's."""

import select
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from nbjudge_course.problem import Limits
from nbjudge_course.verdict import Status

from nbjudge_worker.grading.inbox import BoxLost, BoxMessage, Inbox
from nbjudge_worker.grading.pair import Candidate

_SHORTEST_SECONDS = 0.002
_LONGEST_SECONDS = 0.05
_WALL_PER_CPU, _WALL_MORE_SECONDS = 3.0, 0.5
_OVERRUN_SECONDS = 60.0
"""How long the examiner may think by itself, in one test."""
_FAREWELL_SECONDS = 5.0
"""How long the examiner has to notice that its candidate is gone."""


class Cancelled(Exception):
    """The student took the submission back."""


class ExaminerOverrun(Exception):
    """The author's test takes too long by itself."""


@dataclass
class Budget:
    """What a candidate may use in one stretch of work, counted from the budget's creation."""

    candidate: Candidate
    limits: Limits
    turns_only: bool
    """Count the wall time of the candidate's turns only; else all of it, as when it loads."""
    own_cpu_seconds: float = 0.0
    """What starting the program takes, each time, and is not the student's."""
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.used = self.candidate.usage()
        """What was used when it was last looked at."""
        self._cpu = self.used.cpu_seconds
        self._turns = self.candidate.clock.waited_seconds()
        self._tightened: tuple[float, float, float] | None = None
        self._allowance = 0.0

    def allow_a_run(self) -> None:
        """A program is about to be started."""
        self._allowance += self.own_cpu_seconds

    def tighten(self, seconds: float | None) -> None:
        """Allow only so much more CPU time, or no longer so when it is None."""
        if seconds is None:
            self._tightened = None
        else:
            cpu = self.candidate.usage().cpu_seconds
            self._tightened = (cpu, self.wall_seconds(), seconds)

    def cpu_seconds(self) -> float:
        """Return the CPU time used when it was last looked at."""
        return max(0.0, self.used.cpu_seconds - self._cpu)

    def wall_seconds(self) -> float:
        """Return the wall time used so far."""
        if self.turns_only:
            return max(0.0, self.candidate.clock.waited_seconds() - self._turns)
        return time.monotonic() - self.began

    def exceeded(self) -> Status | None:
        """Return the limit that is exceeded now, if any."""
        self.used = self.candidate.usage()
        cpu = self.used.cpu_seconds
        if cpu - self._cpu > self.limits.cpu_seconds + self._allowance:
            return Status.TIME_LIMIT_EXCEEDED
        wall = self.wall_seconds()
        if self._tightened is not None:
            cpu_before, wall_before, seconds = self._tightened
            patience = _WALL_PER_CPU * seconds + _WALL_MORE_SECONDS  # others use this machine too
            seconds += self._allowance
            if cpu - cpu_before > seconds or wall - wall_before > patience:
                return Status.TIME_LIMIT_EXCEEDED
        if wall > self.limits.wall_seconds + _WALL_PER_CPU * self._allowance:
            return Status.TIME_LIMIT_EXCEEDED
        if self.candidate.printed_bytes() > self.limits.output_bytes:
            return Status.OUTPUT_LIMIT_EXCEEDED
        return None


def wait_for(
    inbox: Inbox, budget: Budget, ended: Callable[[], bool], cancelled: Callable[[], bool]
) -> BoxMessage:
    """Wait for a message while the candidate stays within its budget; kill it when it does not.

    Raises BoxLost when the box of the inbox ended, Cancelled, or ExaminerOverrun.
    """
    pause = _SHORTEST_SECONDS
    stopped_at: float | None = None
    while True:
        message = _ready(inbox, pause)
        if message is not None and message.op == "limit":
            if not budget.candidate.ended():
                _enforce(budget)  # what was too much until now stays too much
            budget.tighten(message.seconds)
            continue
        if message is not None and message.op == "run":
            budget.allow_a_run()
            continue
        if message is not None:
            return message
        pause = min(pause * 1.5, _LONGEST_SECONDS)
        if cancelled():
            raise Cancelled
        if stopped_at is None and not budget.candidate.ended():
            _enforce(budget)
        stopped_at = _farewell(budget.candidate, stopped_at)
        if ended():
            return _last_words(inbox)
        if time.monotonic() - budget.began - budget.wall_seconds() > _OVERRUN_SECONDS:
            raise ExaminerOverrun


def _ready(inbox: Inbox, seconds: float) -> BoxMessage | None:
    if inbox.fileno() < 0:
        raise BoxLost("the box was closed")
    if not inbox.waiting():
        select.select([inbox], [], [], seconds)
    return inbox.receive()


def _last_words(inbox: Inbox) -> BoxMessage:
    while (message := _ready(inbox, 0.0)) is not None:
        if message.op not in ("limit", "run"):
            return message
    raise BoxLost("the box has ended")


def _enforce(budget: Budget) -> None:
    limit = budget.exceeded()
    if limit is not None:
        budget.candidate.stop(limit)


def _farewell(candidate: Candidate, stopped_at: float | None) -> float | None:
    """Give the examiner a moment to notice a candidate's end, then give up waiting."""
    if not candidate.ended():
        return None
    if stopped_at is None:
        candidate.settle()
        return time.monotonic()
    if time.monotonic() - stopped_at > _FAREWELL_SECONDS:
        raise ExaminerOverrun
    return stopped_at
