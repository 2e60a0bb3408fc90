"""The core on which the boxes of one worker run.

Candidate and examiner take turns: on two cores each turn would wait until a sleeping core has
woken up, which takes longer than most calls. So both run on one core, a different one for each
worker of the machine. Where all cores are taken the kernel chooses.
"""

import contextlib
import os
import socket


class Core:
    """A claim to one core, given up when the process ends."""

    def __init__(self) -> None:
        self._claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.number = next((n for n in sorted(os.sched_getaffinity(0)) if self._claims(n)), None)
        """Which it is, or None when all are taken."""

    def _claims(self, number: int) -> bool:
        try:
            self._claim.bind(f"\0nbjudge-core-{number}")
        except OSError:
            return False
        return True

    def hold(self, pid: int) -> None:
        """Let a process run on this core alone."""
        if self.number is not None:
            with contextlib.suppress(OSError):  # it has ended, or this is not allowed
                os.sched_setaffinity(pid, {self.number})

    def close(self) -> None:
        """Give up the claim. May be called twice."""
        self._claim.close()
