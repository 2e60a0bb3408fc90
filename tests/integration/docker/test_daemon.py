"""Daemons, images and workers that are not as they should be."""

import gc
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import Limits
from nbjudge_worker.grading.inbox import BoxLost
from nbjudge_worker.sandbox.box import Ending, Role
from nbjudge_worker.sandbox.docker import meters
from nbjudge_worker.sandbox.docker.door import is_abandoned
from nbjudge_worker.sandbox.docker.engine import DockerSandbox
from nbjudge_worker.sandbox.engines import open_sandbox

WAITING = """
import sys, time
from nbjudge_course.problem import Limits
from nbjudge_worker.sandbox.box import Role
from nbjudge_worker.sandbox.docker.door import is_abandoned
from nbjudge_worker.sandbox.docker.engine import DockerSandbox

sandbox = DockerSandbox(sys.argv[1])
box = sandbox.take(Role.CANDIDATE, Limits())
print(sandbox.daemon.doors.owner, box.container.id, flush=True)
time.sleep(600)
"""


def containers(sandbox, owner):
    listed = sandbox.daemon.api.containers(all=True, filters={"label": f"nbjudge.owner={owner}"})
    return [found["Id"] for found in listed]


@pytest.mark.parametrize("engine", ["docker-shared", "docker"])
def test_what_a_killed_worker_left_is_removed_at_the_next_start(docker_host, engine):
    with subprocess.Popen(
        [sys.executable, "-c", WAITING, engine], stdout=subprocess.PIPE, text=True
    ) as worker:
        owner, container = worker.stdout.readline().split()
        with closing(DockerSandbox("docker-shared")) as other:
            other.daemon.api.pause(container)  # so that it cannot notice that its worker is gone
            assert container in containers(other, owner), "another worker's were removed"
        worker.send_signal(signal.SIGKILL)
        worker.wait()

    with closing(DockerSandbox("docker-shared")) as later:
        assert containers(later, owner) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_without_a_daemon_one_is_told_what_to_do(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")
    with pytest.raises(Unavailable, match="start it, or say in DOCKER_HOST"):
        open_sandbox("docker")
    gc.collect()  # the SDK leaves a socket open when it cannot connect


def test_without_an_image_one_is_told_how_to_build_it(docker_host, monkeypatch):
    monkeypatch.setenv("NBJUDGE_DOCKER_IMAGE", "nbjudge-never-built")
    with pytest.raises(Unavailable, match=r"build it with deploy/images/build\.sh"):
        open_sandbox("docker")


def test_an_image_of_another_version_is_refused(docker_host, monkeypatch):
    monkeypatch.setattr(
        "nbjudge_worker.sandbox.docker.daemon.runtime_digest", lambda: "of another version"
    )
    with pytest.raises(Unavailable, match="another version"):
        open_sandbox("docker")


def test_a_runtime_that_the_daemon_lacks_is_refused_by_name(docker_host):
    with pytest.raises(Unavailable, match="cardboard"):
        open_sandbox("docker:cardboard")


def test_gvisor_never_shares_a_container_among_submissions(docker_host):
    with pytest.raises(Unavailable, match="use docker:runsc"):
        DockerSandbox("docker-shared:runsc")


def test_a_folder_that_others_can_enter_is_refused(docker_host, tmp_path, monkeypatch):
    (tmp_path / "open").mkdir(mode=0o755)
    monkeypatch.setenv("NBJUDGE_DOCKER_FOLDER", str(tmp_path / "open"))
    with pytest.raises(Unavailable, match="not a folder of this user's alone"):
        DockerSandbox("docker")


@pytest.mark.parametrize("owner", ["", ".", "..", "../other"])
def test_a_label_that_is_not_ours_leads_to_no_other_folder(tmp_path, owner):
    base = tmp_path / "base"
    base.mkdir()
    assert not is_abandoned(str(base), owner)
    assert base.exists()


def test_a_worker_that_sees_no_control_group_asks_the_daemon(docker_host, start, monkeypatch):
    def unseen(_pid):
        raise OSError("another namespace")

    monkeypatch.setattr(meters, "_places", unseen)
    with closing(DockerSandbox("docker")) as sandbox:
        cell = start(sandbox, "held = b'x' * 2**20 * 400", memory_bytes=64 * 2**20)
        with pytest.raises(BoxLost):
            cell.inbox.wait(20.0)
        until = time.monotonic() + 10
        while cell._box.ending() is None and time.monotonic() < until:
            time.sleep(0.05)
        assert cell._box.ending() is Ending.OUT_OF_MEMORY

        busy = start(sandbox, "while True:\n    pass")
        until = time.monotonic() + 10
        while busy.usage().cpu_seconds < 0.2 and time.monotonic() < until:
            time.sleep(0.05)
        assert busy.usage().cpu_seconds >= 0.2
        cell.close()
        busy.close()


def test_a_closed_engine_leaves_neither_containers_nor_folders(docker_host):
    sandbox = DockerSandbox("docker")
    owner, base = sandbox.daemon.doors.owner, sandbox.daemon.doors.base
    sandbox.take(Role.CANDIDATE, Limits())
    sandbox.close()
    sandbox.close()

    with closing(DockerSandbox("docker-shared")) as later:
        assert containers(later, owner) == []
    assert not (Path(base) / owner).exists()
