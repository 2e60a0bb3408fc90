"""Fixtures stand in the folder of the suite that uses them, but for what takes a minute to make."""

import pytest
from docker_daemon import docker_host

__all__ = ["docker_host"]

IMAGE_SECONDS = 900
"""The first test that needs Docker waits until a daemon has started and an image is built."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of containers that time."""
    for item in items:
        if "docker" in item.nodeid or "docker_host" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(IMAGE_SECONDS))
