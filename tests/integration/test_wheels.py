"""The built wheels in an empty environment without Node: what people install is what was tested."""

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DISTRIBUTIONS = {"nbjudge", "nbjudge_course", "nbjudge_grader_service", "nbjudge_worker"}
DEADLINE_SECONDS = 90.0

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def wheels(tmp_path_factory) -> list[Path]:
    folder = tmp_path_factory.mktemp("wheels")
    environment = {**os.environ, "VENV": sys.prefix}
    subprocess.run([ROOT / "scripts" / "wheels.sh", folder], env=environment, check=True)
    return sorted(folder.glob("*.whl"))


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


class Environment:
    """A virtual environment with the wheels, and a PATH on which there is no Node."""

    def __init__(self, folder: Path, tools: Path) -> None:
        self.bin = folder / "bin"
        cleared = {k: v for k, v in os.environ.items() if not k.startswith(("NBJUDGE_", "PYTHON"))}
        # Not the folder of this interpreter, nor any with a node: only what these tests name.
        self.variables = {**cleared, "PATH": f"{self.bin}:{tools}", "VIRTUAL_ENV": str(folder)}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.bin / command[0]), *command[1:]],
            env=self.variables,
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )


@pytest.fixture(scope="module")
def installed(wheels, tmp_path_factory) -> Environment:
    folder = tmp_path_factory.mktemp("environment")
    tools = tmp_path_factory.mktemp("tools")
    for name in ("bwrap", "sh", "env", "id", "uname"):
        (tools / name).symlink_to(shutil.which(name))
    environment = Environment(folder, tools)
    install(folder, wheels)
    return environment


def install(folder: Path, wheels: list[Path]) -> None:
    """Install the wheels with the pinned packages that a run needs, checked by their hashes."""
    pins = folder / "pins.txt"
    locked = (ROOT / "constraints.txt").read_text().partition("# ---- to build")[0]
    pins.write_text(locked)
    files = [str(wheel) for wheel in wheels]
    uv = find_uv()
    subprocess.run(
        [sys.executable, "-m", "venv", *([] if not uv else ["--without-pip"]), folder], check=True
    )
    python = str(folder / "bin" / "python")
    pip = (
        [*uv, "pip", "install", "-q", "--python", python]
        if uv
        else [python, "-m", "pip", "install", "-q"]
    )
    subprocess.run([*pip, "--no-deps", "--require-hashes", "-r", pins], check=True)
    subprocess.run([*pip, "--no-deps", *files], check=True)


def find_uv() -> list[str]:
    for command in (["uv"], ["python3", "-m", "uv"]):
        try:
            subprocess.run([*command, "--version"], capture_output=True, check=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return command
    return []


def test_four_wheels_are_built(wheels):
    assert {wheel.name.partition("-")[0] for wheel in wheels} == DISTRIBUTIONS


def test_the_labextension_is_in_the_wheel(wheels):
    (wheel,) = [wheel for wheel in wheels if wheel.name.startswith("nbjudge-")]

    inside = [name for name in names(wheel) if "/share/jupyter/labextensions/" in name]

    assert any(name.endswith("/package.json") for name in inside)
    assert any("/static/remoteEntry." in name for name in inside)


def test_the_sample_course_is_in_the_wheel(wheels):
    (wheel,) = [wheel for wheel in wheels if wheel.name.startswith("nbjudge_course-")]

    assert any(name.startswith("nbjudge_course/intro/") for name in names(wheel))


def test_no_wheel_holds_tests_or_another_ones_package(wheels):
    for wheel in wheels:
        own = wheel.name.partition("-")[0]
        top = {name.partition("/")[0] for name in names(wheel)}
        assert {name for name in top if not name.startswith(own)} == set()


def test_there_is_no_node_in_the_environment(installed):
    assert shutil.which("node", path=installed.variables["PATH"]) is None


def test_every_package_finds_what_it_declares(installed):
    """What the wheels ask for is there in a version that they accept."""
    uv = find_uv()
    command = (
        [*uv, "pip", "check", "--python", installed.bin / "python"]
        if uv
        else [
            installed.bin / "python",
            "-m",
            "pip",
            "check",
        ]
    )

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_jupyter_finds_both_halves_of_the_extension(installed):
    lab = installed.run("jupyter", "labextension", "list")
    server = installed.run("jupyter", "server", "extension", "list")

    lines = [line for line in (lab.stdout + lab.stderr).splitlines() if "nbjudge" in line]
    assert any("enabled" in line and "OK" in line for line in lines), lines
    lines = [line for line in (server.stdout + server.stderr).splitlines() if "nbjudge" in line]
    assert any("enabled" in line for line in lines), lines
    assert any("OK" in line for line in lines), lines


@pytest.fixture(scope="module")
def running(installed, tmp_path_factory) -> Iterator[tuple[Path, str]]:
    folder = tmp_path_factory.mktemp("work")
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            [installed.bin / "nbjudge", "run", "--no-browser", "--workers", "1"],
            cwd=folder,
            env=installed.variables,
            stdout=output,
            stderr=output,
        )
    try:
        deadline = time.monotonic() + DEADLINE_SECONDS
        while "Ctrl-C stops everything" not in (text := (folder / "output").read_text()):
            assert process.poll() is None, text
            assert time.monotonic() < deadline, text
            time.sleep(0.1)
        yield folder, text
    finally:
        process.terminate()
        process.wait(60)


def ask(url: str, token: str, body: object = None) -> dict:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=30) as reply:
        return json.load(reply)


def test_a_submission_through_the_wheels_gets_its_verdict(running):
    folder, text = running
    token = next(iter(json.loads((folder / ".nbjudge/tokens.json").read_text())))
    (service,) = re.findall(r"service +(http\S+)", text)
    problem = ask(f"{service}/api/problems", token)["problems"][0]
    id_ = secrets.token_hex(16)

    ask(
        f"{service}/api/submissions",
        token,
        {"id": id_, "problem": problem["id"], "language": "python", "source": "pass\n"},
    )

    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (verdict := ask(f"{service}/api/submissions/{id_}", token).get("verdict")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert verdict["points"] == 0
    assert verdict["status"] in {"wrong_answer", "runtime_error"}
