"""Workers as processes of this machine; they end with the process that started them."""

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Collection, Mapping, Sequence

from nbjudge_course.errors import Unavailable

logger = logging.getLogger(__name__)

WORKER = (sys.executable, "-m", "nbjudge_worker")


class Processes:
    """Use it from the main thread: the kernel takes the end of a thread for that of a parent."""

    def __init__(
        self, command: Sequence[str] = WORKER, environment: Mapping[str, str] = os.environ
    ) -> None:
        self._command = command
        self._environment = {**environment, "NBJUDGE_DIE_WITH_PARENT": str(os.getpid())}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def workers(self) -> Collection[str]:
        """Return those that run; what has ended is buried, and told when it was not in order."""
        for name, process in list(self._running.items()):
            status = process.poll()
            if status is not None:
                del self._running[name]
                if status:
                    logger.warning("Worker %s ended with status %d", name, status)
        return list(self._running)

    def start(self, names: Sequence[str]) -> None:
        """Start each in a session of its own: Ctrl-C in the terminal is not for them."""
        for name in names:
            try:
                self._running[name] = subprocess.Popen(  # noqa: S603  # a worker
                    self._command,
                    env={**self._environment, "NBJUDGE_WORKER_NAME": name},
                    stdin=subprocess.DEVNULL,
                    start_new_session=True,
                )
            except OSError as error:
                raise Unavailable(f"no worker can be started: {error}") from error

    def drain(self, names: Sequence[str]) -> None:
        """Send SIGTERM: a worker takes no further job then."""
        for name in names:
            if name in self._running:
                self._running[name].terminate()

    def kill(self, names: Sequence[str]) -> None:
        """Kill it with all that it started."""
        for name in names:
            process = self._running.get(name)
            if process is not None and process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def pid(self, name: str) -> int:
        """Return the process id of one that was started here."""
        return self._running[name].pid

    def close(self) -> None:
        """They end with this process."""
