"""What an operator can choose about containers, from the environment."""

import os
import tempfile
from collections.abc import Mapping

import msgspec


class DockerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Read by every engine whose name begins with `docker`."""

    image: str = "nbjudge-box"
    """NBJUDGE_DOCKER_IMAGE: holds Python, the libraries of the course, and the runtime."""
    ahead: int = 3
    """NBJUDGE_DOCKER_AHEAD: how many containers of one use wait for the next submissions."""
    cpus: float = 1.0
    """NBJUDGE_DOCKER_CPUS: how many processors a container may keep busy."""
    folder: str = ""
    """NBJUDGE_DOCKER_FOLDER: where the worker's sockets are; the daemon must see the same path."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "DockerSettings":
        """Read the settings. Raises msgspec.ValidationError that names the one that is wrong."""
        given = {
            "image": environment.get("NBJUDGE_DOCKER_IMAGE"),
            "ahead": environment.get("NBJUDGE_DOCKER_AHEAD"),
            "cpus": environment.get("NBJUDGE_DOCKER_CPUS"),
            "folder": environment.get("NBJUDGE_DOCKER_FOLDER"),
        }
        settings = {key: value for key, value in given.items() if value}
        default = f"{tempfile.gettempdir()}/nbjudge-docker-{os.getuid()}"
        return msgspec.convert({"folder": default, **settings}, cls, strict=False)
