"""What watches a child of the engine `none`: it gives it a folder and sees its descendants out."""

import ctypes
import os
import shutil
import signal
import tempfile

from nbjudge_worker.sandbox.order import Order, limit_resources

_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36


def enter_folder() -> str:
    """Make a folder, go there, and adopt every orphan that is to come. Return the folder."""
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    folder = tempfile.tempdir = tempfile.mkdtemp(prefix="nbjudge-box-")
    os.chdir(folder)
    os.environ["HOME"] = os.environ["TMPDIR"] = folder
    return folder


def bound(order: Order) -> None:
    """Take the limits that need no privilege, and end with the watcher."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    os.setsid()
    limit_resources(order)


def leave_folder(folder: str) -> None:
    """Remove the folder once nobody is there any more."""
    os.chdir("/")
    shutil.rmtree(folder, ignore_errors=True)
