"""The folder of a laptop's nbjudge: its lock, its token, its logs and the notebooks to work in."""

import contextlib
import fcntl
import getpass
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO

from nbjudge_course.errors import NbjudgeError
from nbjudge_course.local_service import SERVICE_FILE, TOKENS_FILE, local_token

_LEFTOVERS_SECONDS = 15.0
"""How long the children of a launcher that was killed may take to end."""


class AlreadyRunning(NbjudgeError):
    """Another nbjudge runs in this folder."""


class RunFolder:
    """`.nbjudge/`: everything that a run on one machine writes, readable by its owner only."""

    def __init__(self, root: Path, notebooks: Path | None = None) -> None:
        self.root = root.absolute()
        self.logs = self.root / "logs"
        self.tokens = self.root / TOKENS_FILE
        self.notebooks = (notebooks or self.root / "notebooks").absolute()
        self._address = self.root / "address"
        self._service = self.root / SERVICE_FILE

    @contextlib.contextmanager
    def lock(self) -> Iterator[int]:
        """Hold the folder; the value is the lock's descriptor.

        Raises AlreadyRunning, with the address, when another holds it.

        The kernel gives the lock up with the last process that has it, however that ends: after
        a kill -9 that is Redis, a moment later, and it is waited for.
        """
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.root / "lock").open("a+") as file:
            self._acquire(file)
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            try:
                yield file.fileno()
            finally:
                self._address.unlink(missing_ok=True)
                self._service.unlink(missing_ok=True)

    def _acquire(self, file: IO[str]) -> None:
        deadline = time.monotonic() + _LEFTOVERS_SECONDS
        while not _locked(file):
            file.seek(0)
            if _is_alive(file.read()) or time.monotonic() > deadline:
                raise AlreadyRunning(self._where())
            time.sleep(0.05)

    def _where(self) -> str:
        with contextlib.suppress(OSError):
            return f"nbjudge is already running:\n\n    {self._address.read_text().strip()}\n"
        return f"nbjudge is already starting in {self.root}"

    def jupyter_config(self, overrides: Mapping[str, object]) -> Path:
        """Return a folder of Jupyter settings that begins with these of JupyterLab's."""
        folder = self.root / "jupyter"
        (folder / "labconfig").mkdir(parents=True, exist_ok=True)
        text = json.dumps(overrides, indent=2) + "\n"
        (folder / "labconfig" / "default_setting_overrides.json").write_text(text)
        return folder

    def announce(self, address: str, service: str) -> None:
        """Tell a second start where this one is, and other commands where its service is."""
        _write_privately(self._address, address + "\n")
        _write_privately(self._service, service + "\n")

    def token(self) -> str:
        """Return the secret of this machine's one user, made at the first run."""
        known = local_token(self.root)
        if known is not None:
            return known
        token = secrets.token_hex(24)
        identity = {"name": _user_name(), "instructor": True}
        _write_privately(self.tokens, json.dumps({token: identity}) + "\n")
        return token

    def lay_out(self, notebooks: Iterable[Path]) -> None:
        """Copy the notebooks into the work folder; what is there already is somebody's work."""
        self.notebooks.mkdir(parents=True, exist_ok=True)
        for source in notebooks:
            target = self.notebooks / source.name
            if not target.exists():
                shutil.copyfile(source, target)


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:  # alive, and somebody else
        pass
    return True


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name, as in some containers
        return f"user-{os.getuid()}"


def _write_privately(path: Path, text: str) -> None:
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    new.replace(path)
