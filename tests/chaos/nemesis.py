"""The nemesis: kills, freezes, wipes, locks, loses and fills, by a plan that a seed makes.

Faults overlap, but one part suffers one at a time, and each is healed in the end.
"""

import asyncio
import random
import signal
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from chaos_stand import Stand
from stand import Part


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong."""

    at_seconds: float
    """Since the nemesis began."""
    kind: str
    lot: float
    """0 to 1: chooses the part, and how much or how long."""
    seconds: float
    """How long it lasts, from 0 to 1 of the longest."""


KILLS = ("kill a worker", "kill a service", "kill Redis", "wipe Redis")


def plan(seed: int, faults: Mapping[str, int], seconds: float) -> list[Fault]:
    """Return so many faults of each kind, spread over the time. The same seed, the same plan."""
    lots = random.Random(seed)
    kinds = [kind for kind, count in sorted(faults.items()) for _ in range(count)]
    lots.shuffle(kinds)
    step = seconds / len(kinds)
    return [
        Fault((number + lots.random()) * step, kind, lots.random(), lots.random())
        for number, kind in enumerate(kinds)
    ]


class Nemesis:
    """Carries a plan out."""

    def __init__(self, stand: Stand) -> None:
        self._stand = stand
        self._busy: dict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.done: Counter[str] = Counter()
        """How often each kind was carried out."""
        self.lasted_seconds = 0.0

    async def run(self, faults: Sequence[Fault]) -> None:
        """Carry out all of them and return when the last is healed."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for fault in faults:
                await asyncio.sleep(max(0.0, began + fault.at_seconds - time.monotonic()))
                group.create_task(self._inflict(fault))
        self._stand.clock.set(0)
        self.lasted_seconds = time.monotonic() - began

    async def _inflict(self, fault: Fault) -> None:
        await self._deeds[fault.kind](self, fault)
        self.done[fault.kind] += 1

    async def _kill(self, part: Part, fault: Fault, meanwhile: Callable[[], object]) -> None:
        async with self._busy[part.name]:
            await asyncio.to_thread(part.kill)
            await asyncio.sleep(_between(fault.seconds, 0.0, 1.0))
            meanwhile()
            part.start()
            await asyncio.sleep(0.3)  # else a part that is killed anew has not even begun
            self._stand.see_off()

    async def _freeze(self, part: Part, seconds: float) -> None:
        async with self._busy[part.name]:
            part.signal(signal.SIGSTOP)
            await asyncio.sleep(seconds)
            part.signal(signal.SIGCONT)

    async def _kill_worker(self, fault: Fault) -> None:
        await self._kill(_chosen(self._stand.workers, fault), fault, _nothing)

    async def _kill_service(self, fault: Fault) -> None:
        await self._kill(_chosen(self._stand.services, fault), fault, _nothing)

    async def _kill_redis(self, fault: Fault) -> None:
        await self._kill(self._stand.redis, fault, _nothing)

    async def _wipe_redis(self, fault: Fault) -> None:
        await self._kill(self._stand.redis, fault, self._stand.forget)

    async def _freeze_worker(self, fault: Fault) -> None:
        # Up to twice its lease: then another has taken its job over when it wakes.
        part = _chosen(self._stand.workers, fault)
        await self._freeze(part, _between(fault.seconds, 0.5, 5.0))

    async def _freeze_service(self, fault: Fault) -> None:
        part = _chosen(self._stand.services, fault)
        await self._freeze(part, _between(fault.seconds, 0.5, 4.0))

    async def _freeze_redis(self, fault: Fault) -> None:
        await self._freeze(self._stand.redis, _between(fault.seconds, 0.5, 3.0))

    async def _lock_database(self, fault: Fault) -> None:
        async with self._busy["database"]:
            seconds = _between(fault.seconds, 0.5, 6.0)
            await asyncio.to_thread(self._stand.lock_database, seconds)

    async def _lose_replies(self, fault: Fault) -> None:
        self._stand.proxy.lose_replies(1 + int(3 * fault.lot))

    async def _cut(self, fault: Fault) -> None:
        self._stand.proxy.cut()

    async def _silence(self, fault: Fault) -> None:
        self._stand.proxy.silence()

    async def _delay(self, fault: Fault) -> None:
        async with self._busy["proxy"]:
            self._stand.proxy.delay_seconds = _between(fault.lot, 0.01, 0.5)
            await asyncio.sleep(_between(fault.seconds, 0.5, 2.0))
            self._stand.proxy.delay_seconds = 0.0

    async def _fill_disk(self, fault: Fault) -> None:
        async with self._busy["disk"]:
            undo = await asyncio.to_thread(self._stand.fill_disk)
            await asyncio.sleep(_between(fault.seconds, 0.5, 2.5))
            undo()

    async def _jump_clock(self, fault: Fault) -> None:
        """Let the clock jump, forward or back by up to two hours; the next jump is from there."""
        async with self._busy["clock"]:
            self._stand.clock.set(_between(fault.lot, -7200, 7200))

    _deeds: Mapping[str, Callable[["Nemesis", Fault], Awaitable[None]]] = {
        "kill a worker": _kill_worker,
        "kill a service": _kill_service,
        "kill Redis": _kill_redis,
        "wipe Redis": _wipe_redis,
        "freeze a worker": _freeze_worker,
        "freeze a service": _freeze_service,
        "freeze Redis": _freeze_redis,
        "lock the database": _lock_database,
        "lose replies": _lose_replies,
        "cut connections": _cut,
        "delay replies": _delay,
        "silence connections": _silence,
        "fill the disk": _fill_disk,
        "jump the clock": _jump_clock,
    }


def _chosen(parts: Sequence[Part], fault: Fault) -> Part:
    return parts[int(fault.lot * len(parts))]


def _between(lot: float, least: float, most: float) -> float:
    return least + lot * (most - least)


def _nothing() -> None:
    """Just a restart."""
