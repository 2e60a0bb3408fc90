"""Submitting again from a kernel: what is replaced, what waits for a busy service."""

import json

import pytest
from nbjudge import submitting
from nbjudge.origin import Origin
from nbjudge_course.verdict import Status

SOLUTION = "def f(): return 1\n"


@pytest.fixture
def run(service, monkeypatch):
    """Play runs of cells: each call is one, of this cell."""
    monkeypatch.setenv("NBJUDGE_SERVICE_URL", service.url)
    monkeypatch.setenv("NBJUDGE_TOKEN", "the-students-secret")
    monkeypatch.setattr(submitting, "_latest", {})
    runs = iter(range(1000))

    def one(cell, *sources, problem="two-sum", **options):
        here = Origin(cell, str(next(runs)))
        monkeypatch.setattr(submitting, "origin", lambda: here)
        options = {"wait": False, **options}
        return [submitting.submit(problem, source, **options) for source in sources]

    return one


@pytest.fixture
def posted(service):
    """Give what was posted, as pairs of an id and what it replaces."""

    def all_of_it():
        bodies = [json.loads(one.body) for one in service.requests if one.method == "POST"]
        return [(body["id"], body["replaces"]) for body in bodies]

    return all_of_it


def test_a_cell_that_is_run_again_replaces_what_it_submitted(run, posted):
    (first,) = run("cell", SOLUTION)
    (second,) = run("cell", SOLUTION)
    assert posted() == [(first.id, None), (second.id, first.id)]


def test_another_cell_and_another_problem_and_the_same_run_replace_nothing(run, posted):
    run("cell", SOLUTION, SOLUTION)
    run("other", SOLUTION)
    run("cell", SOLUTION, problem="three-sum")
    run(None, SOLUTION)
    run(None, SOLUTION)
    assert [replaced for _, replaced in posted()] == [None] * 6


def test_a_verdict_is_not_replaced(run, posted, service):
    verdict = {"status": "accepted", "cause": "accepted", "points": 2, "max_points": 2}
    (first,) = run("cell", SOLUTION)
    done = {**json.loads(_snapshot(first)), "state": "done", "verdict": verdict}
    service.answers[f"DELETE /api/submissions/{first.id}"] = (200, done, "application/json")
    assert first.cancel().verdict.status is Status.ACCEPTED  # it was faster
    run("cell", SOLUTION)
    assert posted()[-1][1] is None


def test_a_busy_service_is_asked_again_by_itself(run, posted, service, capsys, monkeypatch):
    refusal = {"reason": "queue_full", "message": "9 are waiting", "retry_after_seconds": 0.5}
    service.answers["POST /api/submissions"] = (429, refusal, "application/json")
    waited = []

    def sleep(seconds):
        waited.append(seconds)
        service.answers.clear()

    monkeypatch.setattr(submitting.time, "sleep", sleep)
    monkeypatch.setattr(submitting, "_wait", lambda *_: None)
    run("cell", SOLUTION, wait=True)
    made = submitting.last()
    assert made.snapshot is not None
    assert [one for one, _ in posted()] == [made.id, made.id]
    assert 0.5 <= waited[0] <= 0.625
    assert "9 are waiting; trying again by itself" in capsys.readouterr().err


def test_who_does_not_wait_is_told_that_the_service_is_busy(run, service):
    refusal = {"reason": "queue_full", "message": "9 are waiting", "retry_after_seconds": 60}
    service.answers["POST /api/submissions"] = (429, refusal, "application/json")
    (made,) = run("cell", SOLUTION)
    assert made.refusal.reason == "queue_full"
    assert "9 are waiting" in repr(made)


def _snapshot(submission) -> str:
    return json.dumps(
        {
            "id": submission.id,
            "problem": "two-sum",
            "title": "Two Sum",
            "language": "python",
            "state": "queued",
            "revision": 7,
            "submitted_at": 1.0,
        }
    )
