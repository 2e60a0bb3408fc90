"""The real grader, once for each engine that is asked for, shared by the suites that grade."""

import os
from collections.abc import Iterator
from typing import Any

import pytest

ENGINES = os.environ.get("NBJUDGE_TEST_SANDBOXES", "bubblewrap").split(",")
assert "none" not in ENGINES, "attacks kill, fill and flood: never without a sandbox"


@pytest.fixture(scope="session", params=ENGINES)
def grader(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Return a grader with the engine's real sandbox."""
    from nbjudge_worker.grade import open_grader

    with open_grader(request.param) as opened:
        yield opened
