"""The Docker daemon, as far as boxes need it: what it can do, and hardened containers."""

import json
import logging
from collections.abc import Mapping, Sequence
from socket import SocketIO
from typing import Any

import docker
from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from docker.types import LogConfig, Ulimit
from docker.utils import kwargs_from_env
from nbjudge_course.errors import Unavailable

from nbjudge_worker.sandbox.docker.door import Doors, is_abandoned
from nbjudge_worker.sandbox.docker.runtime import runtime_digest
from nbjudge_worker.sandbox.docker.settings import DockerSettings

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS = 60
_MIB = 1024 * 1024
_UNPRIVILEGED = "65534:65534"
CEILING_BYTES = 4096 * _MIB
"""What a container may hold before a submission comes, and all boxes of a shared one."""
_MAX_PROCESSES = 1200
_FILES = 16384
_OWNER, _FOLDER = "nbjudge.owner", "nbjudge.folder"


class Daemon:
    """A connection to the daemon that DOCKER_HOST names. Raises Unavailable that says why not."""

    def __init__(self, settings: DockerSettings, runtime: str) -> None:
        self.settings, self.runtime = settings, runtime
        try:
            self.api = docker.APIClient(
                version="auto", timeout=_PATIENCE_SECONDS, **kwargs_from_env()
            )
            self.about: dict[str, Any] = self.api.info()
        except (DockerException, OSError) as error:
            raise Unavailable(
                f"the Docker daemon cannot be reached ({error}): start it, or say in DOCKER_HOST "
                "where it is; its socket must be open to this user"
            ) from error
        try:
            self._check_runtime()
            self._check_filter()
            self._check_image()
            self.doors = Doors(settings.folder)
        except OSError as error:
            self.api.close()
            raise Unavailable(f"no folder for the sockets of the containers: {error}") from error
        except BaseException:
            self.api.close()
            raise
        self._remove_abandoned()

    def _check_runtime(self) -> None:
        known = sorted(self.about.get("Runtimes") or ())
        if self.runtime and self.runtime not in known:
            raise Unavailable(
                f"the Docker daemon has no runtime {self.runtime!r}, only {', '.join(known)}: "
                "add it to its daemon.json"
            )

    def _check_filter(self) -> None:
        options = self.about.get("SecurityOptions") or ()
        names = [part for option in options for part in option.split(",")]
        if not {"name=seccomp", "seccomp"} & set(names) or "profile=unconfined" in names:
            raise Unavailable("the Docker daemon filters no system calls (no seccomp)")

    def _check_image(self) -> None:
        name = self.settings.image
        try:
            image: dict[str, Any] = self.api.inspect_image(name)  # type: ignore[no-untyped-call]  # the SDK's
        except ImageNotFound as error:
            raise Unavailable(
                f"there is no image {name!r}: build it with deploy/images/build.sh"
            ) from error
        labels = image["Config"].get("Labels") or {}
        if labels.get("nbjudge.runtime") != runtime_digest():
            raise Unavailable(
                f"the image {name!r} is for another version of nbjudge: build it again with "
                "deploy/images/build.sh"
            )
        self.image: str = image["Id"]

    def _remove_abandoned(self) -> None:
        """Remove what a worker has left behind that was killed."""
        base = self.doors.base
        filters = {"label": f"{_FOLDER}={base}"}
        for found in self.api.containers(all=True, filters=filters):
            owner = found["Labels"].get(_OWNER, "")
            if owner != self.doors.owner and is_abandoned(base, owner):
                logger.warning("Removing the container %.12s of a worker that ended", found["Id"])
                self.remove(found["Id"])

    def create(
        self, command: Sequence[str], folder: str | None, folder_bytes: int, *, shared: bool
    ) -> str:
        """Make a container and return its id. `folder` is bound as its door. Raises Unavailable."""
        host = self.api.create_host_config(
            **self._held(folder_bytes),
            **(_with_users() if shared else {"cap_drop": ["ALL"]}),
            binds={folder: {"bind": "/nbjudge-door", "mode": "ro"}} if folder else {},
            runtime=None if shared else self.runtime or None,
            log_config=_no_log() if folder is None else _short_log(),
        )
        try:
            made = self.api.create_container(
                self.image,
                command=list(command),
                user="0:0" if shared else _UNPRIVILEGED,
                hostname="box",
                host_config=host,
                labels={_OWNER: self.doors.owner, _FOLDER: self.doors.base},
                stdin_open=folder is None,
                entrypoint=[],
            )
        except (DockerException, OSError) as error:
            raise Unavailable(f"no container can be made: {error}") from error
        return str(made["Id"])

    def _held(self, folder_bytes: int) -> dict[str, Any]:
        """Return what bounds every container, whoever runs in it."""
        folder = f"rw,exec,nosuid,nodev,mode=1777,size={folder_bytes},nr_inodes={_FILES}"
        return {
            "network_mode": "none",
            "read_only": True,
            "security_opt": ["no-new-privileges:true"],
            "mem_limit": CEILING_BYTES,
            "memswap_limit": CEILING_BYTES,
            "pids_limit": _MAX_PROCESSES,
            "nano_cpus": int(self.settings.cpus * 1e9),
            "tmpfs": {"/cell": folder, "/tmp": folder},  # noqa: S108  # the container's own
            "shm_size": folder_bytes,
            "ipc_mode": "private",
            "init": True,
            "ulimits": [Ulimit(name="core", soft=0, hard=0)],
        }

    def attached(self, container: str) -> SocketIO:
        """Return a socket to its standard streams, opened before it starts. Raises Unavailable."""
        streams = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
        try:
            attached: SocketIO = self.api.attach_socket(container, params=streams)
            return attached
        except (DockerException, OSError) as error:
            self.remove(container)
            raise Unavailable(f"the streams of a container cannot be had: {error}") from error

    def start(self, container: str) -> None:
        """Start it. Raises Unavailable."""
        try:
            self.api.start(container)
        except (DockerException, OSError) as error:
            self.remove(container)
            raise Unavailable(f"no container can be started: {error}") from error

    def state(self, container: str) -> Mapping[str, Any]:
        """Return how it is: Pid, Running, OOMKilled, ...; empty when it is gone."""
        try:
            return dict(self.api.inspect_container(container)["State"])
        except (DockerException, OSError):
            return {}

    def inspected(self, container: str) -> dict[str, Any]:
        """Return all that the daemon knows of it. Raises Unavailable."""
        try:
            return dict(self.api.inspect_container(container))
        except (DockerException, OSError) as error:
            raise Unavailable(f"a container cannot be inspected: {error}") from error

    def said(self, container: str) -> str:
        """Return how what it printed ends."""
        try:
            return self.api.logs(container, tail=20).decode("utf-8", "replace").strip()
        except (DockerException, OSError):
            return ""

    def bound(self, container: str, memory_bytes: int, processes: int) -> None:
        """Let it have no more than this. Raises OSError."""
        limits = {"Memory": memory_bytes, "MemorySwap": memory_bytes, "PidsLimit": processes}
        api: Any = self.api
        url = api._url("/containers/{0}/update", container)  # the SDK knows no PidsLimit
        answer = api._post_json(url, data=limits)
        if not answer.ok:
            raise OSError(f"the limits of a container could not be set: {answer.text}")

    def statistics(self, container: str) -> Mapping[str, Any]:
        """Return what it uses now, as the daemon counts it. Raises OSError."""
        try:
            told = self.api.stats(container, stream=False, one_shot=True)
        except (DockerException, json.JSONDecodeError) as error:
            raise OSError(str(error)) from error
        return dict(told)

    def kill(self, container: str) -> None:
        """Kill all that runs in it, if it is still there."""
        try:
            self.api.kill(container)
        except (APIError, OSError) as error:
            logger.debug("Container %.12s was not killed: %s", container, error)

    def remove(self, container: str) -> None:
        """Kill and remove it, if it is still there."""
        try:
            self.api.remove_container(container, v=True, force=True)
        except NotFound:
            return
        except (DockerException, OSError) as error:
            logger.warning("Container %.12s could not be removed: %s", container, error)

    def close(self) -> None:
        """Let go of the daemon. May be called twice."""
        self.doors.close()
        self.api.close()


def _with_users() -> dict[str, Any]:
    """Return the two powers of a spawner that makes every child a user of its own."""
    return {"cap_drop": ["ALL"], "cap_add": ["SETUID", "SETGID"]}


def _no_log() -> LogConfig:
    return LogConfig(type="none")


def _short_log() -> LogConfig:
    return LogConfig(type="json-file", config={"max-size": "64k", "max-file": "1"})
