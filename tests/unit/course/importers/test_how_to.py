"""The import commands of the how-to pages do what the pages say."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from nbjudge_course.importers.command import main

ROOT = Path(__file__).parents[4]
DATA = ROOT / "tests" / "material" / "data"
DEMO = DATA / "otter-suite" / "master-demo"


def commands(page):
    text = (ROOT / "docs" / "how-to" / page).read_text()
    return [
        shlex.split(line)[2:] for line in re.findall(r"^nbjudge import .*$", text, re.MULTILINE)
    ]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    shutil.copytree(DATA / "nbgrader-suite" / "user-guide-ps1", tmp_path / "my-course")
    shutil.copy(DEMO / "demo.ipynb", tmp_path / "hw01.ipynb")
    shutil.copytree(DEMO / "submissions", tmp_path / "handed-in")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("page", "problem", "submissions"),
    [
        ("bring-an-nbgrader-course.md", "ps1-problem1.ipynb", 4),
        ("bring-an-otter-course.md", "hw01.ipynb", 8),
    ],
)
def test_the_commands_of_a_page_work(page, problem, submissions, folder):
    for arguments in commands(page):
        assert main(arguments) == 0

    assert (folder / "problems" / problem).is_file()
    assert len((folder / "handed-in.jsonl").read_text().splitlines()) == submissions
