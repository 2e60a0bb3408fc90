"""A Docker daemon and an image for the suites: the machine's own when it will do, else a new one."""

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IMAGE = "nbjudge-box-of-the-tests"
LIBRARIES = "numpy pandas"
PACKAGES = "gcc g++ libc6-dev"
LANGUAGES = ("python", "c", "cpp", "bash")
"""What programs can be written in with these packages."""
CACHE = Path(os.environ.get("NBJUDGE_TEST_CACHE", f"{tempfile.gettempdir()}/nbjudge-test-images"))
_PATIENCE_SECONDS = 60
_RUNSC = {"path": "/usr/bin/runsc", "runtimeArgs": ["--platform=ptrace", "--network=none"]}


@pytest.fixture(scope="session")
def docker_host() -> Iterator[str]:
    """Have a daemon and an image, which the engines find by the environment. Yield its address."""
    with _daemon() as host, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCKER_HOST", host)
        patch.setenv("NBJUDGE_DOCKER_IMAGE", IMAGE)
        _build()
        yield host


def _build() -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    script = ROOT / "deploy" / "images" / "build-offline.sh"
    words = ["--image", IMAGE, "--cache", CACHE, "--libraries", LIBRARIES, "--packages", PACKAGES]
    environment = {**os.environ, "PYTHON": sys.executable}
    done = subprocess.run(
        [script, *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _daemon() -> Iterator[str]:
    """Yield the address of a daemon that has both runtimes."""
    for host in (os.environ.get("DOCKER_HOST"), "unix:///var/run/docker.sock"):
        if host and _runtimes(host) >= {"runc", "runsc"}:
            yield host
            return
    assert os.geteuid() == 0, (
        "without a Docker daemon that has runsc these suites start one, as root only; "
        "to do without them: NBJUDGE_TEST_SANDBOXES=bubblewrap make test"
    )
    with _own_daemon() as host:
        yield host


def _runtimes(host: str) -> set[str]:
    command = ["docker", "--host", host, "info", "--format", "{{json .Runtimes}}"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    return set(json.loads(said.stdout)) if said.returncode == 0 else set()


@contextmanager
def _own_daemon() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="nbd-"))
    settings = folder / "daemon.json"
    settings.write_text(json.dumps({"runtimes": {"runsc": _RUNSC}}))
    host = f"unix://{folder}/docker.sock"
    words = ["--bridge=none", "--iptables=false", "--ip-masq=false", "--pidfile", folder / "pid"]
    words += ["--data-root", folder / "data", "--exec-root", folder / "exec"]
    command = ["dockerd", "--config-file", settings, "--host", host, *words]
    # By way of a shell that ends, so that it is nobody's child: suites count and kill their own.
    aside = ["sh", "-c", 'log=$1; shift; "$@" >"$log" 2>&1 &', "sh", folder / "log", *command]
    subprocess.run(aside, check=True)
    try:
        _wait_for(folder / "docker.sock", folder / "log")
        yield host
    finally:
        _stop(folder / "pid")
        _unmount(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _stop(pid_file: Path) -> None:
    """End the daemon, and wait until it has ended."""
    if not pid_file.exists():
        return
    process = os.pidfd_open(int(pid_file.read_text()))
    signal.pidfd_send_signal(process, signal.SIGTERM)
    select.select([process], [], [], _PATIENCE_SECONDS)
    os.close(process)


def _wait_for(path: Path, log: Path) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        with socket.socket(socket.AF_UNIX) as line:
            if line.connect_ex(str(path)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(log.read_text()[-2000:])


def _unmount(folder: Path) -> None:
    """Let go of whatever the daemon left mounted below its folder."""
    mounts = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
    for place in sorted((m for m in mounts if m.startswith(str(folder))), reverse=True):
        subprocess.run(["umount", "--lazy", place], check=False)
