"""The engines `docker` and `docker-shared`: boxes in containers that nothing enters or leaves.

`docker` uses each container for one submission. `docker-shared` lets the spawner of a long-lived
container prepare children, each a user of its own behind Landlock and a filter of system calls.
The examiner, which never meets a student's code, is in a shared container either way.
"""

import functools
import itertools
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import MIB, Limits

from nbjudge_worker.sandbox.box import Role
from nbjudge_worker.sandbox.docker.container import Container, SharedContainer
from nbjudge_worker.sandbox.docker.daemon import Daemon
from nbjudge_worker.sandbox.docker.pool import Pool
from nbjudge_worker.sandbox.docker.relayed import RelayedContainer
from nbjudge_worker.sandbox.docker.settings import DockerSettings
from nbjudge_worker.sandbox.prepared import PreparedBox
from nbjudge_worker.sandbox.seccomp import seccomp_filter
from nbjudge_worker.sandbox.spawning import Spawners, Taken, Way

_SHARED_BYTES = 512 * MIB
_FIRST_USERS, _USERS = 10_000, 50_000
_THREADS = 3
_RELAYED_PROCESSES = 6
"""What runs in a container beside a submission: init, the relay with its threads, the spawner."""
_NATIVE_RUNTIMES = ("", "runc", "crun")
"""Those that share the machine's kernel, so that a socket can be handed in."""


class DockerSandbox:
    """Boxes in containers. Raises Unavailable that says what is missing."""

    def __init__(self, name: str, settings: DockerSettings | None = None) -> None:
        mode, _, runtime = name.partition(":")
        self.name = name
        if mode == "docker-shared" and runtime not in _NATIVE_RUNTIMES:
            raise Unavailable(
                f"{runtime} has no Landlock, by which boxes in one container are kept apart: "
                f"use docker:{runtime}"
            )
        settings = settings or DockerSettings.from_environment()
        self.daemon = Daemon(settings, runtime)
        self._background = ThreadPoolExecutor(_THREADS, "nbjudge-containers")
        self._pool: Pool | None = None
        self._shared: Spawners | None = None
        self._taken = Taken()
        try:
            if mode == "docker":
                native = runtime in _NATIVE_RUNTIMES
                start, own = (self._own, 0) if native else (self._relayed, _RELAYED_PROCESSES)
                self._pool = Pool(start, settings.ahead, self._background, own)
            self._shared = self._spawners(Role if mode != "docker" else (Role.EXAMINER,))
        except BaseException:
            self.close()
            raise

    def _spawners(self, roles: Sequence[Role] | type[Role]) -> Spawners:
        first = secrets.randbelow(_USERS)
        count = itertools.count(first)
        start = functools.partial(SharedContainer, self.daemon, self._later, _SHARED_BYTES)
        calls = seccomp_filter(lasting=False)
        way = Way(start, calls, next_user=lambda: _FIRST_USERS + next(count) % _USERS)
        return Spawners(way, roles)

    def _own(self, folder_bytes: int, role: Role, libraries: Sequence[str]) -> Container:
        return Container(self.daemon, self._later, folder_bytes, role, libraries)

    def _relayed(self, folder_bytes: int, role: Role, libraries: Sequence[str]) -> Container:
        return RelayedContainer(self.daemon, self._later, folder_bytes, role, libraries)

    def _later(self, act: Callable[[], None]) -> None:
        """Do something in the background, or at once when all is being closed."""
        try:
            self._background.submit(act)
        except RuntimeError:
            act()

    def take(self, role: Role, limits: Limits, libraries: Sequence[str] = ()) -> PreparedBox:
        """Hand out a box that is ready. Raises Unavailable."""
        if self._shared is None:
            raise Unavailable("the sandbox has been closed")
        if self._pool is None or role is Role.EXAMINER:
            return self._shared.take(role, limits, libraries)
        if self._taken.is_untidy:  # nobody has called `tidy`
            self.tidy()
        box = self._pool.take(limits, libraries)
        self._taken.add(box)
        return box

    def tidy(self) -> None:
        """Free what has ended and prepare what was taken. Call it when nobody waits."""
        self._taken.free_closed()
        if self._shared is not None:
            self._shared.tidy()

    def close(self) -> None:
        """Kill and free every box and every container. May be called twice."""
        self._taken.free_all()
        if self._pool is not None:
            self._pool.close()
        if self._shared is not None:
            self._shared.close()
            self._shared = None
        self._background.shutdown(wait=True)
        self.daemon.close()
