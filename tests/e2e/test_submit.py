"""A student in a browser submits a cell and sees the verdict, whatever goes on around."""

import re
import time

import pytest
from classroom import PARTLY, RIGHT, WRONG, Classroom, Notebook
from playwright.sync_api import Page, Route, WebSocketRoute, expect

pytestmark = pytest.mark.timeout(180)
WAIT = 30_000


def test_a_right_solution_is_accepted(notebook: Notebook) -> None:
    notebook.submit(RIGHT)
    expect(notebook.status).to_contain_text("Accepted", timeout=WAIT)
    expect(notebook.status).to_contain_text("8 / 8 points")
    expect(notebook.view.locator(".nbj-Test[data-status=accepted]")).to_have_count(5)


def test_a_wrong_solution_shows_the_authors_hint_and_no_hidden_test(notebook: Notebook) -> None:
    notebook.submit(WRONG)
    expect(notebook.status).to_contain_text("Partly right", timeout=WAIT)
    expect(notebook.view.locator(".nbj-Hint").first).to_contain_text("May one thing be bought")
    expect(notebook.view).not_to_contain_text("[3, 1, 3]")


def test_a_wrong_answer_is_shown_beside_what_was_expected(notebook: Notebook) -> None:
    notebook.submit("#| problem: two-sum\ndef two_sum(prices, total):\n    return [9, 9]\n")
    expect(notebook.status).to_contain_text("Wrong answer", timeout=WAIT)
    details = notebook.view.locator(".nbj-Details details[open]").first
    expect(details).to_contain_text("[0, 1]")
    expect(details).to_contain_text("[9, 9]")


def test_the_shortcut_submits_and_the_second_attempt_is_counted(notebook: Notebook) -> None:
    notebook.submit(WRONG)
    expect(notebook.status).to_contain_text("Partly right", timeout=WAIT)
    first = notebook.view.get_attribute("data-submission")
    notebook.write(RIGHT)
    notebook.page.keyboard.press("Control+Alt+Enter")
    expect(notebook.status).to_contain_text("Accepted", timeout=WAIT)
    expect(notebook.view).to_have_count(1)
    assert notebook.view.get_attribute("data-submission") != first


def test_a_cell_without_a_problem_has_no_button(notebook: Notebook) -> None:
    notebook.write("x = 1\n")
    expect(notebook.button).to_be_hidden()
    notebook.write(RIGHT)
    expect(notebook.button).to_be_visible()


def test_what_a_program_prints_is_text(notebook: Notebook) -> None:
    shout = "print('<img src=x onerror=alert(1)><b>bold</b>\\x1b[31mred')\n"
    notebook.submit(RIGHT + shout)
    expect(notebook.status).to_contain_text("Accepted", timeout=WAIT)
    notebook.view.get_by_text("Printed by your code").click()
    expect(notebook.view.locator("pre").last).to_have_text(
        re.compile(r"<img src=x onerror=alert\(1\)><b>bold</b>red")
    )
    expect(notebook.view.locator("img, b")).to_have_count(0)


def test_a_reload_keeps_the_verdict(notebook: Notebook) -> None:
    notebook.submit(RIGHT)
    expect(notebook.status).to_contain_text("Accepted", timeout=WAIT)
    notebook.save()
    notebook.reload()
    expect(notebook.status).to_contain_text("Accepted", timeout=WAIT)


def test_a_verdict_that_came_while_the_notebook_was_closed_is_there(
    notebook: Notebook, classroom: Classroom
) -> None:
    notebook.page.route_web_socket("**/nbjudge/api/live*", lambda _: None)
    notebook.reload()
    notebook.submit(RIGHT)
    expect(notebook.status).to_be_visible()
    notebook.save()
    notebook.page.context.storage_state()
    later = Notebook(notebook.page.context.new_page(), classroom)
    later.open(notebook.page.url.split("/tree/")[1].split("?")[0])
    expect(later.status).to_contain_text("Accepted", timeout=WAIT)


def test_without_a_kernel_a_cell_is_graded(notebook: Notebook, classroom: Classroom) -> None:
    classroom.end_kernels()
    notebook.submit(RIGHT)
    expect(notebook.status).to_contain_text("Accepted", timeout=WAIT)


def test_a_busy_kernel_is_no_hindrance_and_running_the_cell_keeps_the_verdict(
    notebook: Notebook,
) -> None:
    notebook.write(RIGHT + "import time; time.sleep(4)\n")
    notebook.run()
    notebook.button.click()
    expect(notebook.status).to_contain_text(re.compile("Accepted|limit"), timeout=WAIT)
    notebook.write(RIGHT)
    notebook.run()
    expect(notebook.view).to_have_count(1)
    expect(notebook.status).to_contain_text(re.compile("Accepted|limit"))


def test_a_cut_in_the_middle_loses_nothing(page: Page, classroom: Classroom) -> None:
    connections: list[WebSocketRoute] = []

    def connect(browser: WebSocketRoute) -> None:
        connections.append(browser)
        service = browser.connect_to_server()
        if len(connections) == 1:
            service.on_message(lambda frame: pass_hello_only(browser, frame))

    def pass_hello_only(browser: WebSocketRoute, frame: str | bytes) -> None:
        if '"hello"' in str(frame):
            browser.send(frame)
        else:
            browser.close(code=1012)

    def answer_later(route: Route) -> None:
        """Else asking could be faster than being told, and the cut would prove nothing."""
        if len(connections) < 2:
            route.abort()
        else:
            route.continue_()

    page.route_web_socket("**/nbjudge/api/live*", connect)
    page.route("**/nbjudge/api/submissions/*", answer_later)
    notebook = Notebook(page, classroom).open(classroom.copy("cut"))
    notebook.submit(RIGHT)
    expect(notebook.status).to_contain_text("Accepted", timeout=WAIT)
    assert len(connections) >= 2


def test_a_submission_is_kept_while_the_service_is_down(
    notebook: Notebook, classroom: Classroom
) -> None:
    with classroom.without_service():
        notebook.submit(RIGHT)
        expect(notebook.status).to_contain_text("Waiting for the grading service", timeout=WAIT)
        expect(notebook.view).to_contain_text("sent when the service is back")
    expect(notebook.status).to_contain_text("Accepted", timeout=2 * WAIT)


def test_a_problem_that_is_not_there_is_refused_in_words(notebook: Notebook) -> None:
    notebook.submit("#| problem: no-such-problem\nx = 1\n")
    expect(notebook.status).to_contain_text("Not accepted", timeout=WAIT)
    expect(notebook.view.locator(".nbj-Note")).to_contain_text("no-such-problem")


def test_a_cell_can_submit_itself_from_the_kernel(notebook: Notebook) -> None:
    notebook.write(RIGHT + "\nimport nbjudge\nnbjudge.submit()\n")
    notebook.run()
    expect(notebook.status).to_contain_text("Accepted", timeout=WAIT)
    expect(notebook.view).to_have_count(1)


def test_the_magic_submits_a_cell(notebook: Notebook, classroom: Classroom) -> None:
    notebook.write("%load_ext nbjudge\nprint('ready')\n")
    notebook.run()
    expect(notebook.cell.locator(".jp-OutputArea-output")).to_contain_text("ready", timeout=WAIT)
    notebook.write("%%submit two-sum\n" + PARTLY.partition("\n")[2])
    notebook.run()
    expect(notebook.status).to_contain_text("Partly right", timeout=WAIT)


def test_a_widget_follows_a_submission_and_python_knows_the_verdict(notebook: Notebook) -> None:
    notebook.submit(RIGHT)
    expect(notebook.status).to_contain_text("Accepted", timeout=WAIT)
    submission = notebook.view.get_attribute("data-submission")
    notebook.write(f"import nbjudge\nseen = nbjudge.watch('{submission}')\nseen\n")
    notebook.run()
    expect(notebook.status.first).to_contain_text("Accepted", timeout=WAIT)
    time.sleep(0.5)
    notebook.write("print('kernel says', seen.verdict['status'])\n")
    notebook.run()
    expect(notebook.cell).to_contain_text("kernel says accepted", timeout=WAIT)


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_the_words_can_be_read_in_both_themes(notebook: Notebook, theme: str) -> None:
    notebook.paint(theme)
    notebook.submit(RIGHT)
    expect(notebook.status).to_contain_text("Accepted", timeout=WAIT)
    word, ground = notebook.page.evaluate(
        """() => {
            const light = colour => {
                const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(part => {
                    const c = part / 255;
                    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
                });
                return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const word = document.querySelector('.nbj-About');
            let ground = word;
            const see = node => getComputedStyle(node).backgroundColor;
            while (/rgba\\(.*, 0\\)|transparent/.test(see(ground))) ground = ground.parentElement;
            return [light(getComputedStyle(word).color), light(see(ground))];
        }"""
    )
    contrast = (max(word, ground) + 0.05) / (min(word, ground) + 0.05)
    assert contrast >= 4.5
