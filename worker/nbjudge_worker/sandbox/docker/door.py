"""The door of a container: a folder bound into it, with one socket that one spawner comes to.

The folder above lets nobody but the worker's user pass; the socket is gone once it has been used.
"""

import fcntl
import os
import secrets
import select
import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path

_SOCKET = "control"
_LOOK_SECONDS = 0.5


class Doors:
    """The folders of one worker, which holds a lock on them as long as it lives."""

    def __init__(self, base: str) -> None:
        above = Path(base)
        above.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = above.lstat()
        if above.is_symlink() or status.st_uid != os.getuid() or status.st_mode & 0o077:
            raise PermissionError(f"{base} is not a folder of this user's alone")
        self.base = base
        self.owner = secrets.token_hex(8)
        """Names this worker on the labels of its containers."""
        self._folder = above / self.owner
        self._folder.mkdir(mode=0o700)
        self._lock = _locked(self._folder)

    def new(self) -> "Door":
        """Return a door for a container that is about to be made."""
        return Door(self._folder / secrets.token_hex(8))

    def close(self) -> None:
        """Remove all of them. May be called twice."""
        if self._lock >= 0:
            shutil.rmtree(self._folder, ignore_errors=True)
            os.close(self._lock)
            self._lock = -1


class Door:
    """One folder, and the socket that waits in it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o755)
        folder.chmod(0o755)
        self.folder = folder
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._listener.bind(str(folder / _SOCKET))
        (folder / _SOCKET).chmod(0o777)  # the container's user is another; the way is barred above
        self._listener.listen(1)

    def opened(self, patience_seconds: float, is_alive: Callable[[], bool]) -> socket.socket:
        """Wait for the spawner, as long as it lives, and close the door. Raises OSError."""
        deadline = time.monotonic() + patience_seconds
        try:
            while not select.select([self._listener], [], [], _LOOK_SECONDS)[0]:
                if time.monotonic() > deadline or not is_alive():
                    raise TimeoutError("nobody came to the door")
            control, _ = self._listener.accept()
        finally:
            self.close()
        control.settimeout(None)
        return control

    def close(self) -> None:
        """Remove the folder. May be called twice."""
        self._listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def is_abandoned(base: str, owner: str) -> bool:
    """Tell whether the worker that had these doors has ended, however it did."""
    if not owner.isalnum():  # a label that is not one of ours must not lead anywhere else
        return False
    folder = Path(base) / owner
    try:
        lock = _locked(folder)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    shutil.rmtree(folder, ignore_errors=True)
    os.close(lock)
    return True


def _locked(folder: Path) -> int:
    """Lock a folder, as long as this process lives. Raises OSError."""
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise
    return lock
