"""A student in a browser opens the course at the left: sets, due times, own results, notebooks."""

import json

import pytest
from authors_course import Author, Panel
from classroom import PARTLY, RIGHT, WRONG, Classroom, Notebook
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.timeout(180)
WAIT = 30_000


def test_the_best_result_stays_when_a_later_one_is_worse(notebook: Notebook) -> None:
    panel = Panel(notebook.page)
    notebook.submit(RIGHT)
    expect(notebook.status).to_contain_text("Accepted", timeout=WAIT)
    expect(panel.problem("two-sum")).to_contain_text("Accepted · 8 / 8 points")
    notebook.submit(WRONG)
    expect(notebook.status).to_contain_text("Partly right", timeout=WAIT)
    expect(panel.problem("two-sum")).to_contain_text("Accepted · 8 / 8 points")


def test_one_click_lays_the_notebook_and_its_data_file_out(
    page: Page, classroom: Classroom
) -> None:
    folder = classroom.data / "notebooks"
    for name in ("bakery.ipynb", "bakery.csv"):
        (folder / name).unlink(missing_ok=True)
    Notebook(page, classroom).open(classroom.copy("one-click"))
    Panel(page).problem("bakery").click()
    opened = page.locator(".jp-NotebookPanel:visible")
    expect(opened.locator(".jp-CodeCell").last).to_contain_text("#| problem: bakery")
    assert (folder / "bakery.csv").is_file()


def test_a_students_work_is_opened_and_never_overwritten(page: Page, classroom: Classroom) -> None:
    path = classroom.data / "notebooks" / "clock.ipynb"
    worked = json.loads(path.read_text())
    worked["cells"][-1]["source"] = "#| problem: clock\n# my own work"
    path.write_text(json.dumps(worked))
    Notebook(page, classroom).open(classroom.copy("own-work"))
    Panel(page).problem("clock").click()
    opened = page.locator(".jp-NotebookPanel:visible")
    expect(opened.locator(".jp-CodeCell").last).to_contain_text("# my own work")
    assert "# my own work" in path.read_text()


def test_a_set_tells_when_it_is_due_and_scales_its_points(page: Page, classroom: Classroom) -> None:
    author = Author(page, classroom, "scaled")
    author.press("Publish")
    author.dialog.get_by_role("button", name="Publish").click()
    author.dialog.get_by_role("button", name="OK").click()
    panel = Panel(page)
    section = panel.set("Doubling in scaled")
    expect(section).to_contain_text("0 / 20 points")
    expect(section.locator("time")).to_have_attribute("datetime", "2099-01-31T18:00:00.000Z")
    panel.problem("scaled").click()
    answer = page.locator(".jp-NotebookPanel:visible .jp-CodeCell").first
    expect(answer).to_contain_text("#| problem: scaled")
    answer.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("#| problem: scaled\ndef double(n): return n * n\n")
    answer.locator(".nbj-Submit").click()
    expect(answer.get_by_role("status")).to_contain_text("Partly right", timeout=WAIT)
    expect(section).to_contain_text("10 / 20 points")
    expect(panel.problem("scaled")).to_contain_text("1 / 2 points · 4 attempts left")


def test_submit_is_in_sight_in_a_narrow_window(page: Page, classroom: Classroom) -> None:
    page.set_viewport_size({"width": 420, "height": 700})
    notebook = Notebook(page, classroom).open(classroom.copy("narrow"))
    page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
    notebook.submit(PARTLY)
    expect(notebook.button).to_be_visible()
    expect(notebook.status).to_contain_text("Partly right", timeout=WAIT)
