"""A kernel submits and follows, against a small service that hangs up, refuses and goes away."""

import pytest
from nbjudge.client import Busy, NotAccepted, cancel, follow, post
from nbjudge.settings import Settings
from nbjudge_course.errors import Unavailable
from nbjudge_course.submission import NewSubmission, State
from nbjudge_course.verdict import Status

ID = "0123456789abcdef" * 2
NEW = NewSubmission(id=ID, problem="two-sum", source="x = 1\n")
VERDICT = {"status": "accepted", "cause": "accepted", "points": 2, "max_points": 2, "tests": []}


@pytest.fixture
def settings(service) -> Settings:
    return Settings(service.url, "the-students-secret")


def frame(state: str, revision: int, **other) -> dict[str, object]:
    submission = {
        "id": ID,
        "problem": "two-sum",
        "title": "Two Sum",
        "language": "python",
        "state": state,
        "revision": revision,
        "submitted_at": 1.0,
        **other,
    }
    return {"type": "submission", "submission": submission}


def test_a_submission_is_followed_to_its_verdict(service, settings) -> None:
    service.frames.append([frame("running", 8), frame("done", 9, verdict=VERDICT)])
    states = [each.state for each in follow(settings, post(settings, NEW), 20)]
    assert states == [State.RUNNING, State.DONE]


def test_a_connection_that_drops_comes_back(service, settings) -> None:
    service.frames += [[frame("running", 8)], [frame("done", 9, verdict=VERDICT)]]
    service.hang_ups = 1
    states = [each.state for each in follow(settings, post(settings, NEW), 20)]
    assert states == [State.RUNNING, State.DONE]


def test_time_that_runs_out_ends_the_waiting(service, settings) -> None:
    assert list(follow(settings, post(settings, NEW), 0.5)) == []


def test_a_refusal_says_why(service, settings) -> None:
    refusal = {"reason": "too_fast", "message": "wait a little"}
    service.answers["POST /api/submissions"] = (429, refusal, "application/json")
    with pytest.raises(NotAccepted, match="wait a little"):
        post(settings, NEW)


def test_a_busy_service_says_when_to_come_back(service, settings) -> None:
    refusal = {"reason": "queue_full", "message": "9 are waiting", "retry_after_seconds": 7.5}
    service.answers["POST /api/submissions"] = (429, refusal, "application/json")
    with pytest.raises(Busy, match="9 are waiting") as caught:
        post(settings, NEW)
    assert caught.value.seconds == 7.5


def test_a_submission_is_taken_back(service, settings) -> None:
    gone = frame("done", 9, verdict={**VERDICT, "status": "cancelled", "cause": "cancelled"})
    path = f"DELETE /api/submissions/{ID}"
    service.answers[path] = (200, gone["submission"], "application/json")
    assert cancel(settings, ID).verdict.status is Status.CANCELLED


def test_a_service_that_is_down_is_named(service, settings) -> None:
    service.stop()
    try:
        with pytest.raises(Unavailable, match="does not answer"):
            post(settings, NEW)
    finally:
        service.start()
