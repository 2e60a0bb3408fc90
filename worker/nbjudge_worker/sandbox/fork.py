"""A fork for spawners: without what Python does in the child for the sake of threads.

A spawner has one thread, unless a library has started more, so there is nothing to mend; but the
mending writes to memory all over, which is then copied for every child. This takes a twentieth off
the time of a submission.
"""

import ctypes
import os
import sys
from random import seed  # now: in a test's process that name means the student's as well

_libc = ctypes.PyDLL(None, use_errno=True)  # holds the interpreter's lock: nothing runs meanwhile


def fork() -> int:
    """Fork like os.fork. Raises OSError."""
    if len(sys._current_frames()) > 1:  # an entry for each thread
        return os.fork()
    child = int(_libc.fork())
    if child < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"fork: {os.strerror(number)}")
    if child == 0:
        seed()  # or all children would draw the same
    return child
