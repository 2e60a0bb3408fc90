"""A student in a browser takes a submission back, submits once more, or meets a busy service."""

import json
import re

import pytest
from classroom import PARTLY, RIGHT, SLOW, Classroom, Notebook
from playwright.sync_api import Page, Route, expect

pytestmark = pytest.mark.timeout(180)
WAIT = 30_000
SUBMISSIONS = re.compile(r"/nbjudge/api/submissions(\?|$)")


def cancel(notebook: Notebook) -> None:
    notebook.view.get_by_role("button", name="Cancel").click()


def test_a_queued_submission_is_taken_back_at_once(
    notebook: Notebook, classroom: Classroom
) -> None:
    with classroom.without_workers():
        notebook.submit(RIGHT)
        expect(notebook.status).to_contain_text("Queued", timeout=WAIT)
        cancel(notebook)
        expect(notebook.status).to_have_text("Cancelled")
        expect(notebook.view.locator(".nbj-Note")).to_contain_text("counts as no attempt")
        expect(notebook.view.get_by_role("button", name="Cancel")).to_be_hidden()
    notebook.write(PARTLY)
    notebook.button.click()
    expect(notebook.status).to_contain_text("Partly right", timeout=WAIT)
    assert [one["verdict"]["status"] for one in classroom.submissions(2)] == [
        "partial",
        "cancelled",
    ]


def test_a_running_submission_is_taken_back_and_the_worker_goes_on(notebook: Notebook) -> None:
    notebook.submit(SLOW)
    expect(notebook.status).to_contain_text("Running", timeout=WAIT)
    cancel(notebook)
    expect(notebook.status).to_have_text("Cancelled")
    notebook.submit(RIGHT)
    expect(notebook.status).to_contain_text("Accepted", timeout=WAIT)


def test_submitting_again_replaces_what_runs(notebook: Notebook, classroom: Classroom) -> None:
    notebook.submit(SLOW)
    expect(notebook.status).to_contain_text("Running", timeout=WAIT)
    notebook.submit(RIGHT)
    expect(notebook.status).to_contain_text("Accepted", timeout=WAIT)
    expect(notebook.view).to_have_count(1)
    newer, older = classroom.submissions(2)
    assert (newer["number"], older["number"]) == (older["number"] + 1, older["number"])
    assert older["verdict"]["status"] == "cancelled"
    assert "newer submission" in older["verdict"]["message"]


def test_submitting_again_after_a_reload_replaces_what_waits(
    notebook: Notebook, classroom: Classroom
) -> None:
    with classroom.without_workers():
        notebook.submit(PARTLY)
        expect(notebook.status).to_contain_text("Queued", timeout=WAIT)
        notebook.save()
        notebook.reload()
        expect(notebook.status).to_contain_text("Queued", timeout=WAIT)
        notebook.submit(RIGHT)
        expect(notebook.status).to_contain_text("Queued", timeout=WAIT)
        newer, older = classroom.submissions(2)
        assert (newer["state"], older["verdict"]["status"]) == ("queued", "cancelled")
    expect(notebook.status).to_contain_text("Accepted", timeout=WAIT)


def test_the_same_text_once_more_is_the_same_submission(
    notebook: Notebook, classroom: Classroom
) -> None:
    with classroom.without_workers():
        notebook.submit(RIGHT)
        expect(notebook.status).to_contain_text("Queued", timeout=WAIT)
        notebook.button.dblclick()
        expect(notebook.status).to_contain_text("Queued")
    expect(notebook.status).to_contain_text("Accepted", timeout=WAIT)
    newest = classroom.submissions(1)[0]
    assert newest["id"] == notebook.view.get_attribute("data-submission")
    assert newest["verdict"]["status"] == "accepted"


def test_a_cell_that_submits_itself_again_replaces_what_waits(
    notebook: Notebook, classroom: Classroom
) -> None:
    submitting = "\nimport nbjudge\nnbjudge.submit(wait=False)\n"
    with classroom.without_workers():
        for source in (PARTLY, RIGHT):
            before = {one["id"] for one in classroom.submissions(50)}
            notebook.write(source + submitting)
            notebook.run()
            expect(notebook.status).to_contain_text("Queued", timeout=WAIT)
            submission = re.compile("^(?!" + "|".join([*before, "$"]) + ")")
            expect(notebook.view).to_have_attribute("data-submission", submission, timeout=WAIT)
        newer, older = classroom.submissions(2)
        assert (newer["state"], older["verdict"]["status"]) == ("queued", "cancelled")
    expect(notebook.status).to_contain_text("Accepted", timeout=WAIT)


def test_a_busy_service_is_told_and_gets_the_submission_by_itself_later(
    page: Page, classroom: Classroom
) -> None:
    turned_away = []

    def turn_away_once(route: Route) -> None:
        if route.request.method != "POST" or turned_away:
            route.continue_()
            return
        turned_away.append(json.loads(route.request.post_data or ""))
        message = "20000 submissions are waiting; room is expected in 3 s"
        refusal = {"reason": "queue_full", "message": message, "retry_after_seconds": 3.0}
        route.fulfill(status=429, headers={"Retry-After": "3"}, json=refusal)

    page.route(SUBMISSIONS, turn_away_once)
    notebook = Notebook(page, classroom).open(classroom.copy("busy"))
    notebook.submit(RIGHT)
    expect(notebook.status).to_have_text("Waiting: the grading service is busy")
    note = notebook.view.locator(".nbj-Note")
    expect(note).to_contain_text("20000 submissions are waiting; room is expected in 3 s.")
    expect(note).to_contain_text("sent again by itself, at about")
    expect(notebook.status).to_contain_text("Accepted", timeout=WAIT)
    assert turned_away[0]["id"] == notebook.view.get_attribute("data-submission")


def test_who_waits_long_reads_the_place_the_time_and_that_it_counts(
    page: Page, classroom: Classroom
) -> None:
    def lengthen(route: Route) -> None:
        if route.request.method == "POST":
            answer = route.fetch()
            route.fulfill(json={**answer.json(), "position": 250, "wait_seconds": 170.0})
        else:
            route.continue_()

    page.route(SUBMISSIONS, lengthen)
    page.route_web_socket("**/nbjudge/api/live*", lambda _: None)
    notebook = Notebook(page, classroom).open(classroom.copy("long"))
    notebook.submit(RIGHT)
    expect(notebook.status).to_have_text("Queued: 250 before yours, about 3 min")
    expect(notebook.view.locator(".nbj-Note")).to_contain_text("It counts as submitted at")
