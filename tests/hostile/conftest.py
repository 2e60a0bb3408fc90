"""The host that attacks try to reach, and the grader that must not let them."""

import os
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graded_case import Case, read_targets
from graders import ENGINES, leave_out, opened_grader
from nbjudge_course.problem import Problem

HERE = Path(__file__).parent
SECRET = "canary-of-the-host"
MARK = "nbj-hostile"
PLACES = ("/", "/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run", "/run/lock", "/etc", "/dev")
PATIENCE_SECONDS = 5.0


class Host:
    """What stands outside of the sandbox: a secret file and sockets that count who comes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.visits: list[str] = []
        self._older = left_behind()
        (folder / "secret").write_text(SECRET)
        os.environ["NBJUDGE_CANARY"] = SECRET
        loopback = socket.create_server(("127.0.0.1", 0))
        self.port = loopback.getsockname()[1]
        self._sockets = [loopback, *map(listen, (f"{folder}/socket", f"\0nbj-canary-{self.port}"))]
        for line in self._sockets:
            threading.Thread(target=self._count, args=(line,), daemon=True).start()

    def _count(self, line: socket.socket) -> None:
        while True:
            try:
                visitor, _ = line.accept()
            except OSError:
                return
            self.visits.append(str(line.getsockname()))
            visitor.close()

    def aim(self, source: str) -> str:
        """Put the addresses of this host into an attack."""
        source = source.replace("@PORT@", str(self.port)).replace("@PID@", str(os.getpid()))
        return source.replace("@CANARY@", str(self.folder))

    def check(self) -> None:
        """Assert that nobody came and that nothing was left behind."""
        assert self.visits == []
        assert left_behind() - self._older == set()
        assert eventually(lambda: marked_processes() == []), marked_processes()

    def close(self) -> None:
        for line in self._sockets:
            line.shutdown(socket.SHUT_RDWR)
            line.close()
        del os.environ["NBJUDGE_CANARY"]


def listen(address: str) -> socket.socket:
    """Return a Unix socket that listens, for everybody."""
    line = socket.socket(socket.AF_UNIX)
    line.bind(address)
    line.listen()
    if not address.startswith("\0"):
        Path(address).chmod(0o777)
    return line


def left_behind() -> set[str]:
    """Return the files, the shared memory and the sockets that bear an attack's name."""
    return {name for place in PLACES for name in marked(place)} | set(marked_objects())


def marked(folder: str) -> list[str]:
    """Return what attacks left in a folder."""
    names = os.listdir(folder) if Path(folder).is_dir() else []  # noqa: PTH208  # only names
    return [f"{folder}/{name}" for name in names if MARK in name or "nbj_" in name]


def marked_objects() -> list[str]:
    """Return the shared memory and the sockets that attacks left."""
    key = str(0x6E626A31)
    left = [
        f"{kind} {line}"
        for kind in ("shm", "sem", "msg")
        for line in Path(f"/proc/sysvipc/{kind}").read_text().splitlines()
        if key in line.split()
    ]
    return left + [line for line in Path("/proc/net/unix").read_text().splitlines() if MARK in line]


def marked_processes() -> list[str]:
    """Return the processes that gave themselves an attack's name."""
    found = []
    for path in Path("/proc").glob("[0-9]*/comm"):
        try:
            name = path.read_text().strip()
        except OSError:
            continue
        if name == MARK:
            found.append(path.parent.name)
    return found


def eventually(holds: Any) -> bool:
    """Return whether it holds within some seconds."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not (held := holds()) and time.monotonic() < until:
        time.sleep(0.02)
    return bool(held)


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    folder = Path(tempfile.mkdtemp(prefix="canary-"))
    folder.chmod(0o755)
    opened = Host(folder)
    yield opened
    opened.close()
    shutil.rmtree(folder)


@pytest.fixture(scope="session", params=ENGINES)
def grader(request: pytest.FixtureRequest, host: Host) -> Iterator[Any]:
    """Return a grader that is opened where there is something to steal."""
    if request.param.startswith("docker"):
        request.getfixturevalue("docker_host")
    with opened_grader(request.param) as opened:
        yield opened


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave most of it to the engines that are quick."""
    leave_out(config, items, HERE, each=8)


@pytest.fixture(scope="session")
def targets() -> dict[str, Problem]:
    return read_targets(HERE / "targets.toml")


@pytest.fixture(scope="session")
def honest() -> Case:
    """Return a submission that is always accepted."""
    problem = read_targets(HERE / "targets.toml")["checksum"]
    source = (HERE / "honest" / "main_guard.py").read_text("utf-8")
    return Case("honest", problem, source, "python", ("accepted",))
