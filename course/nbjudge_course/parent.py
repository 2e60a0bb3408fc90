"""Ending together with the process that started this one, even when that one is killed."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent(expected: int) -> None:
    """Ask the kernel for SIGTERM when the parent ends; end now if it has already.

    `expected` is the parent's process id, or 1 for whoever it is. Without prctl nothing happens.
    """
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid() if expected == 1 else expected
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)
