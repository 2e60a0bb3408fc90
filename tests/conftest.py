"""Fixtures stand in the folder of the suite that uses them, but for what takes a minute to make."""

from docker_daemon import docker_host

__all__ = ["docker_host"]
