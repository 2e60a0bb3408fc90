"""What a student reads where there is no labextension."""

from nbjudge.words import as_html, as_text, plain
from nbjudge_course.submission import Progress, Snapshot, State
from nbjudge_course.verdict import Status, TestResult, Verdict, cancelled
from nbjudge_course.wire import Refusal


def made(**other) -> Snapshot:
    said = {"state": State.QUEUED, "title": "Two Sum", **other}
    return Snapshot(
        id="0" * 32, problem="two-sum", language="python", revision=1, submitted_at=1.0, **said
    )


def failed(**other) -> Verdict:
    said = {"name": "t", "status": Status.WRONG_ANSWER, "points": 0.0, "max_points": 2.0, **other}
    return Verdict(
        status=Status.WRONG_ANSWER,
        cause=Status.WRONG_ANSWER,
        points=0.0,
        max_points=2.0,
        tests=(TestResult(**said),),
    )


def test_a_place_in_the_queue_is_told() -> None:
    assert "3 before yours" in as_text("two-sum", made(position=3))


def test_a_wait_is_told_when_it_is_worth_it() -> None:
    assert "250 before yours, about 90 s" in as_text("t", made(position=250, wait_seconds=90.4))
    assert "about" not in as_text("t", made(position=3, wait_seconds=2.0))
    assert "Queued: next" in as_text("t", made(position=0, wait_seconds=90.0))


def test_a_cancelled_one_says_why_and_has_no_points() -> None:
    verdict = cancelled(8.0, "A newer one replaced it.")
    told = as_text("t", made(state=State.DONE, verdict=verdict))
    assert "Cancelled\n  A newer one replaced it." in told


def test_progress_is_told_test_by_test() -> None:
    running = made(state=State.RUNNING, progress=Progress(done=1, total=5))
    assert "test 2 of 5" in as_text("two-sum", running)


def test_a_hidden_tests_hint_is_told() -> None:
    told = as_text("t", made(state=State.DONE, verdict=failed(hidden=True, message="Try 0.")))
    assert "Hint: Try 0." in told


def test_a_refusal_is_told() -> None:
    told = as_text("two-sum", None, Refusal(reason="too_fast", message="wait a little"))
    assert "Not accepted: wait a little" in told


def test_markup_of_a_student_is_text() -> None:
    html = as_html("t", made(state=State.DONE, verdict=failed(got="<script>alert(1)</script>")))
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_terminal_is_not_steered() -> None:
    assert plain("a\x1b[2J\x1b]0;title\x07b\x9b\u202e\x00c\n") == "abc\n"
