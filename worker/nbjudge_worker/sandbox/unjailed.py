"""The engine `none`: prepared children without any isolation, for machines that can do no better.

A student's code can do whatever this user can do. Limits hold, nothing else does.
"""

import functools
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import nbjudge_worker
from nbjudge_worker.sandbox.census import descendants, descends
from nbjudge_worker.sandbox.prepared import PreparedBox
from nbjudge_worker.sandbox.spawning import ProcessJail, Spawners, Way

_PATIENCE_SECONDS = 5.0


class UnjailedBox(PreparedBox):
    """A child whose descendants must be found one by one."""

    def _kill(self) -> None:
        watcher = _process_of(self._watcher)
        with suppress(OSError):  # it has ended on the way
            if watcher and not descends(watcher, os.getpid()):
                return  # whatever is below it is somebody else's
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while (left := descendants(watcher) if watcher else []) and time.monotonic() < deadline:
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.001)


class Unjailed(Spawners):
    """Boxes that are plain processes."""

    name = "none"

    def __init__(self) -> None:
        environment = {
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(Path(nbjudge_worker.__file__).parents[1]),
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
        }
        start = functools.partial(ProcessJail, [sys.executable, "-P"], environment, UnjailedBox)
        super().__init__(Way(start, b"-"))


def _process_of(pidfd: int) -> int:
    """Return the id of the process, or 0 when it has ended."""
    with open(f"/proc/self/fdinfo/{pidfd}", encoding="ascii") as lines:  # noqa: PTH123  # a few lines
        told = dict(line.split(":", 1) for line in lines)
    return max(0, int(told["Pid"]))
