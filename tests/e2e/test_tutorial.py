"""The tutorial "Your first problem" is followed in a browser, and its commands in a terminal."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import tutorial
from authors_course import Author, Panel
from classroom import Classroom
from nbjudge_course.local_service import local_token, local_url
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.timeout(180)
WAIT = 60_000


@pytest.fixture
def author(page: Page, classroom: Classroom) -> Author:
    return Author(page, classroom, "double", tutorial.write_notebook)


def test_the_first_problem_is_checked_published_and_solved_by_its_buttons(author: Author) -> None:
    page = author.page
    author.press("Check")
    expect(page.get_by_text("All is well")).to_be_visible(timeout=WAIT)

    author.press("Publish")
    author.dialog.get_by_role("button", name="Publish").click()
    author.dialog.get_by_role("button", name="OK").click()
    Panel(page).problem("double").click()
    answer = page.locator(".jp-NotebookPanel:visible .jp-CodeCell").first
    expect(answer).to_contain_text("#| problem: double")
    answer.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("#| problem: double\ndef double(n): return abs(n) * 2\n")
    answer.locator(".nbj-Submit").click()

    expect(answer.get_by_role("status")).to_contain_text("Partly right", timeout=WAIT)
    expect(answer).to_contain_text("What is twice -3?")


def test_its_commands_do_the_same(classroom: Classroom, tmp_path: Path) -> None:
    tutorial.write_notebook(tmp_path / "mine", "double")
    service = {
        "NBJUDGE_SERVICE_URL": local_url(classroom.data) or "",
        "NBJUDGE_TOKEN": local_token(classroom.data) or "",
    }
    commands = tutorial.commands()

    for command, *words in commands:
        assert command == "nbjudge"
        done = subprocess.run(
            [sys.executable, "-m", "nbjudge_course", *words],
            cwd=tmp_path / "mine",
            env={**os.environ, **service},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, (words, done.stdout, done.stderr)

    assert len(commands) == 6
    released = (tmp_path / "mine" / "students" / "double.ipynb").read_text()
    assert "#| problem: double" in released
    assert "return 2 * n" not in released
    assert (tmp_path / "mine" / "my-course" / "two-sum.ipynb").is_file()
