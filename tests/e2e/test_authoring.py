"""An instructor in a browser gives roles, checks, sees the student's view, and publishes."""

import re

import pytest
from authors_course import Author, Panel
from classroom import Classroom, Notebook
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.timeout(180)
WAIT = 60_000
BARE = 8
"""The number of the cell that has no role yet."""


@pytest.fixture
def author(page: Page, classroom: Classroom, request: pytest.FixtureRequest) -> Author:
    name = request.node.name.removeprefix("test_").replace("_", "-")[:30].strip("-")
    return Author(page, classroom, name)


def test_a_role_is_written_into_the_cell_and_is_undone_in_one_step(author: Author) -> None:
    author.give_role(BARE, "Hidden test")
    author.answer("What does it test?", "three")
    author.answer("Points", "2")
    author.answer("Hint for those", "Not a square.")
    expect(author.code(BARE)).to_have_attribute("data-nbj-role", "hidden")
    assert author.text(BARE) == (
        "#| test: three\n#| points: 2\n#| hidden: true\n#| hint: Not a square.\n"
        "assert double(3) == 6"
    )
    author.code(BARE).locator(".cm-content").click()
    author.page.keyboard.press("Control+z")
    expect(author.code(BARE)).not_to_have_attribute("data-nbj-role", "hidden")
    assert author.text(BARE) == "assert double(3) == 6"


def test_a_wrong_solution_is_asked_for_its_verdict(author: Author) -> None:
    author.give_role(BARE, "Wrong solution")
    author.answer("Why is it wrong?", "never ends")
    asking = author.dialog.filter(has_text="The verdict that it must get")
    asking.get_by_role("combobox").select_option("time_limit_exceeded")
    asking.get_by_role("button", name="OK").click()
    expect(author.code(BARE)).to_have_attribute("data-nbj-role", "wrong")
    assert author.text(BARE).startswith("#| wrong: never ends\n#| verdict: time_limit_exceeded\n")


def test_the_menu_marks_the_role_that_the_cell_has(author: Author) -> None:
    author.code(4).locator(".cm-content").click()
    author.press("Role of the cell")
    expect(author.page.locator(".lm-Menu-item.lm-mod-toggled")).to_have_text("Solution")


def test_each_role_is_shown_by_word_and_by_colour(author: Author) -> None:
    shown = author.page.evaluate(
        """() => [...document.querySelectorAll('[data-nbj-role]')].map(cell => [
            getComputedStyle(cell, '::before').content.replaceAll('"', ''),
            getComputedStyle(cell).boxShadow
        ])"""
    )
    words = ["Starter", "Solution", "Test", "Hidden test", "Wrong solution"]
    assert [word for word, _ in shown] == words
    colours = dict(shown)
    assert len({colours[word] for word in words[1:]}) == 4


def test_check_tells_that_all_is_well(author: Author) -> None:
    author.press("Check")
    findings = author.page.locator(".nbj-Findings")
    expect(findings.get_by_text("All is well")).to_be_visible(timeout=WAIT)
    expect(findings).to_contain_text("small faults put into the solution")


def test_check_shows_what_is_to_mend_in_its_cell_until_it_is_mended(author: Author) -> None:
    author.rewrite(7, "partial", "time_limit_exceeded")
    author.press("Check")
    finding = author.page.locator(".nbj-Findings li button").first
    expect(finding).to_contain_text("Cell 7", timeout=WAIT)
    expect(author.code(7)).to_have_attribute("data-nbj-finding", re.compile("squares"))
    finding.click()
    expect(author.code(7)).to_have_class(re.compile("jp-mod-active"))
    author.rewrite(7, "time_limit_exceeded", "partial")
    expect(author.page.locator("[data-nbj-finding]")).to_have_count(0)


def test_check_shows_programs_that_would_get_full_marks_without_being_right(author: Author) -> None:
    author.rewrite(4, "return n + n", "return n + n if n < 1001 else 2 * n")
    author.press("Check")
    findings = author.page.locator(".nbj-Findings")
    expect(findings.get_by_text("would get full marks")).to_be_visible(timeout=WAIT)
    expect(findings.locator("pre").first).to_contain_text("@@")


def test_the_buttons_stay_in_sight_beside_what_check_shows(author: Author) -> None:
    author.page.set_viewport_size({"width": 800, "height": 700})
    author.press("Check")
    expect(author.page.get_by_text("All is well")).to_be_visible(timeout=WAIT)
    for name in ("Role of the cell", "Check", "Preview", "Publish"):
        expect(author.bar.get_by_role("button", name=name)).to_be_in_viewport()


def test_preview_shows_what_students_get_and_nothing_else(author: Author) -> None:
    author.press("Preview")
    view = author.page.locator(".nbj-Preview")
    expect(view.get_by_role("heading", name="Twice as much")).to_be_visible()
    expect(view).to_contain_text(f"#| problem: {author.id}")
    for secret in ("n + n", "n * n", "assert"):
        expect(view).not_to_contain_text(secret)


def test_publish_shows_what_changes_asks_and_a_students_panel_follows(
    author: Author, classroom: Classroom
) -> None:
    student = Notebook(author.page.context.new_page(), classroom)
    student.open(classroom.copy("panel-follows"))
    panel = Panel(student.page)
    author.press("Publish")
    expect(author.dialog).to_contain_text(f"{author.id}: new")
    author.dialog.get_by_role("button", name="Cancel").click()
    expect(panel.problem(author.id)).to_have_count(0)

    author.press("Publish")
    author.dialog.get_by_role("button", name="Publish").click()
    expect(author.dialog).to_contain_text("Published")
    author.dialog.get_by_role("button", name="OK").click()
    expect(panel.problem(author.id)).to_contain_text("5 attempts left")
    expect(panel.set(f"Doubling in {author.id}")).to_contain_text("0 / 20 points")

    author.rewrite(5, "#| test: two", "#| test: two\n#| points: 3")
    author.press("Publish")
    expect(author.dialog).to_contain_text("test changed: two (points 1 -> 3)")
    author.dialog.get_by_role("button", name="Publish").click()
    expect(panel.problem(author.id)).to_contain_text("0 / 4 points")


def test_who_is_no_instructor_sees_nothing_of_it(page: Page, classroom: Classroom) -> None:
    def say_student(route: Route) -> None:
        route.fulfill(json={"name": "ada", "instructor": False})

    page.route("**/nbjudge/api/me*", say_student)
    with page.expect_response("**/nbjudge/api/me*"):
        student = Notebook(page, classroom).open("instructor-tour.ipynb")
    expect(student.cell).to_be_visible()
    expect(page.locator(".nbj-AuthorBar")).to_have_count(0)
    assert page.evaluate("window.jupyterapp.commands.hasCommand('nbjudge:publish')") is False
