"""A worker that is a container itself: with bubblewrap as in a cluster, and under the scaler."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator

import docker
import pytest
from docker_daemon import CACHE, ROOT
from nbjudge_course.problem import Problem, Test
from nbjudge_course.verdict import Status
from nbjudge_worker.scaling.containers import WORKER
from queue_server import QueueServer, free_port

IMAGE = "nbjudge-worker-of-the-tests"
DEADLINE_SECONDS = 180.0
SOURCE = "import numpy\ndef f():\n    return int(numpy.ones(1)[0])\n"


def until(condition: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"in vain: {what}"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def image(docker_host: str) -> str:
    """Build it from Debian's packages and the wheels of the lock."""
    folder = ROOT / "deploy" / "images"
    base = printed(folder / "base-offline.sh", "--cache", CACHE, "--packages", "bubblewrap")
    words = ["--image", IMAGE, "--base", base, "--python", sys.executable]
    printed(folder / "build-worker.sh", *words)
    return IMAGE


def printed(*command: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # type: ignore[arg-type]  # paths
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def test_bubblewrap_holds_in_a_pod_as_the_cluster_grants_it(image):
    """The same as in deploy/kubernetes/base/worker.yaml, as Docker calls it."""
    granted = ["--security-opt", "seccomp=unconfined", "--security-opt", "systempaths=unconfined"]
    held = ["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--read-only"]
    words = ["--rm", "--network", "none", "--user", "10001:10001", "--tmpfs", "/tmp"]
    command = ["python", "-m", "nbjudge_course", "doctor", "--sandbox", "bubblewrap"]

    said = printed("docker", "run", *words, *held, *granted, image, *command)

    told = dict(line.split(None, 1) for line in said.splitlines())
    assert told["self-test"] == "passed"
    assert "NOT IN FORCE" not in said


@pytest.fixture
def queue(tmp_path) -> Iterator[QueueServer]:
    queue = QueueServer(tmp_path, port=free_port())
    yield queue
    queue.close()


@pytest.fixture
def short_folder() -> Iterator[str]:
    """The path of a socket may not be long."""
    with tempfile.TemporaryDirectory(prefix="nbw") as folder:
        yield folder


@pytest.mark.parametrize("sandbox", ["bubblewrap", "docker-shared"])
def test_workers_in_containers_come_grade_and_go(image, queue, docker_host, short_folder, sandbox):
    client = docker.DockerClient(base_url=docker_host)
    name = f"suite-{os.getpid()}"
    problem = Problem(
        id="p",
        title="P",
        libraries=("numpy",),
        tests=(Test(name="t", source="assert f() == 1"),),
    )
    command = [sys.executable, "-m", "nbjudge_course", "workers", "--backend", "containers"]
    command += ["--image", image, "--network", "host", "--name", name, "--max", "2"]
    command += ["--docker-socket", docker_host.removeprefix("unix://")]
    settings = {
        "NBJUDGE_REDIS_URL": queue.url,
        "NBJUDGE_SANDBOX": sandbox,
        "NBJUDGE_DOCKER_FOLDER": f"{short_folder}/doors",
    }

    def there() -> list[object]:
        return client.containers.list(filters={"label": f"nbjudge.scaler={name}"})

    submitted = queue.put(problem, [SOURCE] * 12)
    with subprocess.Popen(command, env={**os.environ, **settings}) as scaler:
        try:
            until(lambda: scaler.poll() is not None or len(there()) == 2, "two workers")
            until(lambda: scaler.poll() is not None or not queue.left(), "an empty queue")
            labels = {one.labels[WORKER] for one in there()}  # type: ignore[attr-defined]  # the SDK's
            assert {one.worker for one in queue.results()} <= labels
        finally:
            scaler.send_signal(signal.SIGTERM)
            scaler.wait(DEADLINE_SECONDS)
    client.close()

    assert scaler.returncode == 0
    assert Counter(one.submission for one in queue.results()) == Counter(submitted)
    assert {one.verdict.status for one in queue.results()} == {Status.ACCEPTED}


def test_nothing_of_the_workers_is_left(docker_host):
    client = docker.DockerClient(base_url=docker_host)

    left = client.containers.list(
        all=True, filters={"label": f"nbjudge.scaler=suite-{os.getpid()}"}
    )
    client.close()

    assert left == []
