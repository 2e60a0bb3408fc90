"""Fixtures of the material suite."""

from pathlib import Path

import pytest
from graders import SLOW, grader, leave_out

__all__ = ["grader"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave most of it to the engines that are quick."""
    slow = ("docker-shared", *SLOW)  # hostile and golden are whole there
    leave_out(config, items, Path(__file__).parent, each=60, slow=slow)
