"""Backends with workers that do nothing but live, and take a moment to end when they are asked to."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from docker_daemon import IMAGE
from nbjudge_worker.scaling.containers import Containers, Make
from nbjudge_worker.scaling.fake import FakeBackend
from nbjudge_worker.scaling.processes import Processes

JOB_SECONDS = 1.0
STUB = f"""
import signal, sys, time
def finish(*_):
    time.sleep({JOB_SECONDS})
    sys.exit()
signal.signal(signal.SIGTERM, finish)
print("armed", flush=True)
while True:
    signal.pause()
"""


class FakeWorld:
    def __init__(self, _: ExitStack) -> None:
        self.backend = FakeBackend(job_seconds=JOB_SECONDS)

    def crash(self, name):
        self.backend.kill([name])

    def is_armed(self, name):
        return True


class ProcessWorld:
    def __init__(self, stack: ExitStack) -> None:
        self._folder = Path(stack.enter_context(TemporaryDirectory()))
        tells = f"import os; open('{self._folder}/' + os.environ['NBJUDGE_WORKER_NAME'], 'w')"
        stub = STUB.replace('print("armed", flush=True)', tells)
        self.backend = Processes([sys.executable, "-c", stub])
        stack.callback(lambda: self.backend.kill(list(self.backend.workers())))

    def crash(self, name):
        (self._folder / name).unlink()
        os.kill(self.backend.pid(name), signal.SIGKILL)

    def is_armed(self, name):
        return (self._folder / name).exists()


class ContainerWorld:
    """Their image is that of the boxes, which has Python."""

    def __init__(self, stack: ExitStack) -> None:
        make = Make(image=IMAGE, network="none", command=["python3", "-c", STUB])
        self.backend = Containers(make, f"suite-{os.getpid()}")
        stack.callback(self._clear)

    def _clear(self):
        self.backend.kill(list(self.backend.workers()))
        while self.backend.workers():
            pass
        self.backend.close()

    def crash(self, name):
        self.backend._api.kill(name, "SIGKILL")

    def is_armed(self, name):
        return b"armed" in self.backend._api.logs(name)


WORLDS = {"fake": FakeWorld, "processes": ProcessWorld, "containers": ContainerWorld}


@pytest.fixture(params=["fake", "processes", pytest.param("containers", id="containers-docker")])
def world(request) -> Iterator[FakeWorld | ProcessWorld | ContainerWorld]:
    if request.param == "containers":
        request.getfixturevalue("docker_host")
    with ExitStack() as stack:
        yield WORLDS[request.param](stack)
