"""What the repository may hold: nothing of one machine, no lock of one tool, no loose ends."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

NEVER_COMMITTED = {"uv.lock", "package-lock.json", "poetry.lock", "Pipfile.lock"}

# Brackets around a dot keep this file from holding what it forbids.
FOREIGN = {
    "a package registry's address": (
        r"registry[.](?:npmjs|yarnpkg)|files[.]pythonhosted|pypi[.]org/simple"
    ),
    "a folder of somebody's machine": r"/(?:root|home/\w+)/[.](?:pyenv|cache|local)",
    # A checkout right below / has a name that may well be a word of ours.
    "the place of this checkout": (
        r"(?<![\w.])" + re.escape(str(ROOT)) + r"(?![\w-])" if len(ROOT.parts) > 2 else r"(?!)"
    ),
    "an unfinished merge": r"^(?:<{7}|>{7}) ",
}


def committed() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def texts() -> dict[str, str]:
    found = {}
    for path in committed():
        data = path.read_bytes()
        if b"\0" not in data[:4096]:
            found[str(path.relative_to(ROOT))] = data.decode("utf-8")
    return found


def test_no_lock_file_of_one_tool_is_committed():
    assert {path.name for path in committed()} & NEVER_COMMITTED == set()


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_names_what_belongs_to_one_machine(what):
    hits = [
        f"{name}:{number}"
        for name, text in texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(FOREIGN[what], line)
    ]

    assert hits == []


def test_every_third_party_package_is_pinned_with_hashes():
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    entries = [line for line in lines if line and not line.startswith(("#", " "))]

    assert len(entries) > 50
    assert [line for line in entries if not re.match(r"^[\w.-]+(\[\w+\])?==\S+ .*\\$", line)] == []
    assert [line for line in lines if "://" in line] == []


def test_scripts_can_be_executed():
    scripts = [*(ROOT / "scripts").glob("*.sh"), ROOT / ".ci" / "run"]

    assert [path.name for path in scripts if not os.access(path, os.X_OK)] == []


def test_ci_runs_the_command_that_people_are_told():
    assert "make test" in (ROOT / ".ci" / "run").read_text()
    assert "make test" in (ROOT / "README.md").read_text()
