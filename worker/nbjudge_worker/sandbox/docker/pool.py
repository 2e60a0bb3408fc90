"""Containers of one use, started ahead of time and replaced in the background."""

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import MIB, Limits

from nbjudge_worker.sandbox.box import Role
from nbjudge_worker.sandbox.prepared import PreparedBox
from nbjudge_worker.sandbox.seccomp import seccomp_filter
from nbjudge_worker.sandbox.spawning import Jail, Spawner, Way

_SIZES = tuple(size * MIB for size in (64, 256, 1024, 4096))
"""Of the folders in a container's memory; its bound on memory is what counts."""
_ROOM_BYTES = 16 * MIB
_KINDS = 4
Kind = tuple[tuple[str, ...], int]
"""Libraries, and the size of the folders."""
Start = Callable[[int, Role, Sequence[str]], Jail]


class Pool:
    """For each kind that was asked for lately, some containers that wait with a warm spawner."""

    def __init__(
        self, start: Start, ahead: int, background: ThreadPoolExecutor, own_processes: int
    ) -> None:
        self._start, self._own_processes = start, own_processes
        self._ahead, self._background = max(1, ahead), background
        self._kinds: OrderedDict[Kind, deque[Future[Spawner]]] = OrderedDict()
        self._refill(((), _SIZES[0]))

    def take(self, limits: Limits, libraries: Sequence[str]) -> PreparedBox:
        """Hand out the one box of a container. Raises Unavailable."""
        kind = tuple(libraries), _size_for(limits)
        self._refill(kind)
        try:
            return self._next(kind, limits)
        except Unavailable:
            _throw_away(self._kinds.pop(kind))  # they may all have been killed while they waited
            self._refill(kind)
            return self._next(kind, limits)

    def _next(self, kind: Kind, limits: Limits) -> PreparedBox:
        spawner = self._kinds[kind].popleft().result()
        self._refill(kind)
        try:
            return spawner.take(limits)
        except Unavailable:
            spawner.close()
            raise

    def _refill(self, kind: Kind) -> None:
        waiting = self._kinds.setdefault(kind, deque())
        self._kinds.move_to_end(kind)
        while len(waiting) < self._ahead:
            waiting.append(self._background.submit(self._new, kind))
        while len(self._kinds) > _KINDS:
            _, old = self._kinds.popitem(last=False)
            _throw_away(old)

    def _new(self, kind: Kind) -> Spawner:
        libraries, size = kind
        way = Way(
            lambda role, names: self._start(size, role, names),
            seccomp_filter(),
            by_limits=lambda: False,
            own_processes=self._own_processes,
            ahead=0,
            boxes_per_spawner=1,
        )
        spawner = Spawner(way, Role.CANDIDATE, libraries)
        try:
            spawner.wait_until_ready()
        except BaseException:
            spawner.close()
            raise
        return spawner

    def close(self) -> None:
        """Throw all that waits away. May be called twice."""
        for waiting in self._kinds.values():
            _throw_away(waiting)
        self._kinds.clear()


def _throw_away(waiting: deque[Future[Spawner]]) -> None:
    for future in waiting:
        if not future.cancel():
            future.add_done_callback(_close_result)


def _close_result(future: Future[Spawner]) -> None:
    if future.exception() is None:
        future.result().close()


def _size_for(limits: Limits) -> int:
    wanted = limits.file_bytes + _ROOM_BYTES
    return next((size for size in _SIZES if size >= wanted), _SIZES[-1])
