"""What only containers do: they outlive who started them, and are found again by their labels."""

import gc
import os
import time

import pytest
from docker_daemon import IMAGE
from nbjudge_course.errors import Unavailable
from nbjudge_worker.scaling.containers import SCALER, SOCKET, WORKER, Containers, Make

STUB = ["sleep", "600"]


@pytest.fixture
def start_over(docker_host):
    """Open the containers of a scaler, as it does at each of its starts."""
    opened = []

    def open_them(scaler="ada", **make):
        asked = {"image": IMAGE, "network": "none", "command": STUB, **make}
        opened.append(Containers(Make(**asked), f"{scaler}-{os.getpid()}"))
        return opened[-1]

    yield open_them
    for one in opened:
        one.kill(list(one.workers()))
        while one.workers():
            time.sleep(0.02)
        one.close()


def test_the_next_start_finds_the_workers_of_one_that_was_killed(start_over):
    start_over().start(["one", "two"])

    assert set(start_over().workers()) == {"one", "two"}


def test_workers_of_another_scaler_are_not_touched(start_over):
    ada, bob = start_over("ada"), start_over("bob")
    ada.start(["hers"])
    bob.start(["his"])

    assert (list(ada.workers()), list(bob.workers())) == (["hers"], ["his"])


def test_what_has_ended_is_removed(start_over):
    one = start_over(command=["true"])
    one.start(["brief"])

    while one.workers():
        time.sleep(0.02)

    assert one._api.containers(all=True, filters={"label": f"{SCALER}={one.scaler}"}) == []


def test_a_worker_that_fails_is_told_with_its_last_words(start_over, caplog):
    one = start_over(command=["sh", "-c", "echo no sandbox here; exit 3"])
    one.start(["brief"])

    while one.workers():
        time.sleep(0.02)

    assert "Worker brief ended with status 3: no sandbox here" in caplog.text


def test_a_worker_gets_its_name_its_settings_and_no_privilege(start_over):
    one = start_over(environment={"NBJUDGE_REDIS_URL": "redis://somewhere"})
    one.start(["one"])

    made = one._api.inspect_container("one")

    assert {"NBJUDGE_WORKER_NAME=one", "NBJUDGE_REDIS_URL=redis://somewhere"} <= set(
        made["Config"]["Env"]
    )
    assert made["Config"]["Labels"][WORKER] == "one"
    assert made["HostConfig"]["ReadonlyRootfs"]
    assert made["HostConfig"]["SecurityOpt"] == ["no-new-privileges:true"]
    assert not made["HostConfig"]["Binds"]
    assert not made["HostConfig"]["Privileged"]


def test_a_worker_whose_boxes_are_containers_gets_the_socket_the_folder_and_sees_its_boxes(
    start_over, docker_host, tmp_path
):
    socket, folder = docker_host.removeprefix("unix://"), str(tmp_path)
    one = start_over(docker_socket=socket, docker_folder=f"{folder}/doors")
    one.start(["one"])

    host = one._api.inspect_container("one")["HostConfig"]

    assert set(host["Binds"]) == {f"{socket}:{SOCKET}", f"{folder}:{folder}"}
    assert host["PidMode"] == "host"


def test_a_worker_that_makes_namespaces_may_and_has_no_socket(start_over):
    one = start_over(makes_namespaces=True)
    one.start(["one"])

    host = one._api.inspect_container("one")["HostConfig"]

    assert {"seccomp=unconfined", "no-new-privileges:true"} <= set(host["SecurityOpt"])
    assert (host["MaskedPaths"], host["ReadonlyPaths"]) == ([], [])
    assert not host["Privileged"]
    assert not host["Binds"]


def test_an_image_that_is_not_there_is_told(start_over):
    with pytest.raises(Unavailable, match="no-such-image"):
        start_over(image="no-such-image").start(["one"])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_without_a_daemon_it_is_told(monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///nowhere/docker.sock")

    with pytest.raises(Unavailable, match="Docker daemon"):
        Containers(Make())
    gc.collect()  # the SDK leaves a socket open when it cannot connect
