"""How many workers there should be: one pure function, for the scaler and for the simulator.

Quick up, slow down. What the queue needs is there with the next decision. What it no longer needs
stays for a while, as in Kubernetes' autoscaler: a class comes in waves, and a worker takes
seconds to start.
"""

import math

import msgspec


class Limits(msgspec.Struct, frozen=True):
    """What an operator can choose. Raises ValueError that says what is impossible."""

    least: int = 1
    most: int = 20
    waiting_per_worker: int = 5
    """So many waiting jobs are one worker's: 100 waiting are 20 workers, 3 are one."""
    hold_seconds: float = 120.0
    """Workers that were needed within this time are kept."""
    halve_seconds: float = 60.0
    """In so long at most half of the workers go."""

    def __post_init__(self) -> None:
        if not 0 <= self.least <= self.most or self.most < 1:
            raise ValueError("there must be at least one worker, and no more at least than at most")
        if self.waiting_per_worker < 1 or self.hold_seconds < 0 or self.halve_seconds < 0:
            raise ValueError("times and the jobs of a worker must be positive")


class Load(msgspec.Struct, frozen=True):
    """What there is to do."""

    waiting: int
    """Jobs that no living worker has."""
    running: int
    """Workers that have a job."""
    arrivals_per_second: float = 0.0
    """Of late; 0 when it is not known."""
    job_seconds: float = 0.0
    """How long a job takes, of late; 0 when it is not known."""


class Need(msgspec.Struct, frozen=True):
    """What was needed at one time."""

    at: float
    workers: int
    why: str
    """A few words for a person."""


class Plan(msgspec.Struct, frozen=True):
    """A decision, with what the next one has to know of it."""

    workers: int
    why: str
    needs: tuple[Need, ...] = ()
    """Of the time for which workers are kept: each is larger than all that came later."""
    shrunk_at: float = -math.inf


def decide(load: Load, limits: Limits, before: Plan, now: float) -> Plan:
    """Return how many workers there should be. `now` counts seconds and never goes back."""
    need = _need(load, limits, now)
    needs = (*(old for old in before.needs if _still_counts(old, need, limits)), need)
    workers, why = needs[0].workers, need.why if needs[0] is need else "needed lately"
    if workers >= before.workers:
        return Plan(workers, why, needs, before.shrunk_at)
    if before.workers > limits.most:
        return Plan(limits.most, "the most there may be", needs, now)
    if now - before.shrunk_at < limits.halve_seconds:
        return Plan(before.workers, "no more may go yet", needs, before.shrunk_at)
    return Plan(max(workers, before.workers // 2), why, needs, now)


def _need(load: Load, limits: Limits, now: float) -> Need:
    """Return what the load asks for now. Nobody is ever sent away from a job."""
    kept_busy = load.arrivals_per_second * load.job_seconds  # Little's law
    asked = [
        (load.running, "busy"),
        (math.ceil(load.waiting / limits.waiting_per_worker), "for those who wait"),
        (math.ceil(kept_busy - 1e-9), "for what comes in"),
    ]
    workers, why = max(asked, key=lambda one: one[0])
    if workers > limits.most:
        return Need(now, limits.most, "the most there may be")
    if workers <= limits.least:
        return Need(now, limits.least, "the least there may be")
    return Need(now, workers, why)


def _still_counts(old: Need, new: Need, limits: Limits) -> bool:
    return old.workers > new.workers and new.at - old.at < limits.hold_seconds
