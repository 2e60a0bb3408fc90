"""Workers as containers of a Docker daemon, found again by their labels."""

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docker
from docker.errors import APIError, DockerException, NotFound
from docker.types import LogConfig
from docker.utils import kwargs_from_env
from nbjudge_course.errors import Unavailable

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS = 60
WORKER, SCALER = "nbjudge.worker", "nbjudge.scaler"
"""The labels: the worker's name, and the name of the scaler whose it is."""
SOCKET = "/var/run/docker.sock"


@dataclass(frozen=True)
class Make:
    """What every worker's container is made of."""

    image: str = "nbjudge-worker"
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    network: str = "bridge"
    docker_socket: str | None = None
    """The socket for workers whose boxes are containers, by its path on the daemon's machine."""
    docker_folder: str = ""
    """The folder of those boxes' doors, in one that the daemon's machine has by the same path."""
    makes_namespaces: bool = False
    """For workers whose boxes bubblewrap makes."""
    command: Sequence[str] | None = None
    """None for the image's own."""


class Containers:
    """A connection to the daemon that DOCKER_HOST names. Raises Unavailable that says why not."""

    def __init__(self, make: Make, scaler: str = "") -> None:
        with _reached():
            self._api = docker.APIClient(
                version="auto", timeout=_PATIENCE_SECONDS, **kwargs_from_env()
            )
            self.scaler = scaler or str(self._api.info()["Name"])
        self._make = make

    def workers(self) -> Collection[str]:
        """Return those that run; what has ended is removed, and told when it was not in order."""
        alive = []
        with _reached():
            for found in self._api.containers(
                all=True, filters={"label": f"{SCALER}={self.scaler}"}
            ):
                name = found["Labels"][WORKER]
                if found["State"] in {"running", "paused", "restarting"}:
                    alive.append(name)
                else:
                    self._bury(name, found["Id"])
        return alive

    def _bury(self, name: str, container: str) -> None:
        try:
            state = self._api.inspect_container(container)["State"]
            if state["ExitCode"]:
                said = self._api.logs(container, tail=5).decode("utf-8", "replace").strip()
                logger.warning("Worker %s ended with status %d: %s", name, state["ExitCode"], said)
            self._api.remove_container(container, v=True, force=True)
        except NotFound:
            return
        except APIError as error:  # it is being removed already
            logger.debug("Container %.12s could not be removed: %s", container, error)

    def start(self, names: Sequence[str]) -> None:
        """Start one container for each name."""
        for name in names:
            with _reached():
                made = self._api.create_container(
                    self._make.image,
                    command=None if self._make.command is None else list(self._make.command),
                    name=name,
                    environment={**self._make.environment, "NBJUDGE_WORKER_NAME": name},
                    labels={WORKER: name, SCALER: self.scaler},
                    user="0:0" if self._make.docker_socket else None,
                    host_config=self._host(),
                )
                self._api.start(made["Id"])

    def _host(self) -> dict[str, Any]:
        """Return what its machine gives it: no privilege, but what its way to make boxes needs."""
        host: dict[str, Any] = {
            "network_mode": self._make.network,
            "read_only": True,
            "tmpfs": {"/tmp": "rw,nosuid,nodev"},  # noqa: S108  # the container's own
            "security_opt": ["no-new-privileges:true"],
            "init": True,
            "log_config": LogConfig(type="json-file", config={"max-size": "10m", "max-file": "2"}),
        }
        if self._make.docker_socket:
            above = str(
                Path(self._make.docker_folder).parent
            )  # the worker makes it for itself alone
            host["binds"] = [f"{self._make.docker_socket}:{SOCKET}", f"{above}:{above}"]
            host["pid_mode"] = "host"  # to see what runs in the boxes
        if self._make.makes_namespaces:  # each box has a stricter filter of its own
            host["security_opt"] += ["seccomp=unconfined", "apparmor=unconfined"]
        made: dict[str, Any] = self._api.create_host_config(**host)
        if (
            self._make.makes_namespaces
        ):  # a box mounts a /proc, which the kernel allows beside a whole one only
            made |= {"MaskedPaths": [], "ReadonlyPaths": []}
        return made

    def drain(self, names: Sequence[str]) -> None:
        """Send SIGTERM: a worker takes no further job then."""
        self._signal(names, "SIGTERM")

    def kill(self, names: Sequence[str]) -> None:
        """Kill all that runs in it."""
        self._signal(names, "SIGKILL")

    def _signal(self, names: Sequence[str], signal: str) -> None:
        for name in names:
            with _reached():
                try:
                    self._api.kill(name, signal)
                except APIError as error:
                    if not error.is_client_error():
                        raise
                    logger.debug("Worker %s had ended already: %s", name, error)

    def close(self) -> None:
        """Close the connection; the containers stay."""
        self._api.close()


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except (DockerException, OSError) as error:
        raise Unavailable(f"the Docker daemon refuses: {error}") from error
