"""A submission in words, for a terminal and for front ends without the labextension."""

import html
import re

from nbjudge_course.submission import Snapshot, State
from nbjudge_course.verdict import Status, TestResult, Verdict
from nbjudge_course.wire import Refusal

MIME_TYPE = "application/vnd.nbjudge.submission+json"

_WORDS = {
    Status.ACCEPTED: "Accepted",
    Status.WRONG_ANSWER: "Wrong answer",
    Status.PARTIAL: "Partly right",
    Status.TIME_LIMIT_EXCEEDED: "Time limit exceeded",
    Status.MEMORY_LIMIT_EXCEEDED: "Memory limit exceeded",
    Status.OUTPUT_LIMIT_EXCEEDED: "Output limit exceeded",
    Status.RUNTIME_ERROR: "Runtime error",
    Status.COMPILE_ERROR: "Compile error",
    Status.CANCELLED: "Cancelled",
    Status.INTERNAL_ERROR: "Grader error",
}
_WORTH_TELLING_SECONDS = 5.0
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def as_text(problem: str, snapshot: Snapshot | None, refusal: Refusal | None = None) -> str:
    """Return a submission in plain text. Nothing in it steers a terminal."""
    if snapshot is None:
        told = refusal.message if refusal else "nothing is known of it yet"
        return f"nbjudge: {plain(problem)}: Not accepted: {plain(told)}"
    head = f"nbjudge: {plain(snapshot.title)}, attempt {snapshot.number}: {headline(snapshot)}"
    if snapshot.verdict is None:
        return head
    return "\n".join([head, *_verdict_lines(snapshot.verdict)])


def as_html(problem: str, snapshot: Snapshot | None, refusal: Refusal | None = None) -> str:
    """Return a submission as HTML in which all text is escaped."""
    text = as_text(problem, snapshot, refusal)
    return f'<pre class="nbjudge-submission" role="status">{html.escape(text)}</pre>'


def headline(snapshot: Snapshot) -> str:
    """Return one line that says where a submission is."""
    if snapshot.verdict is not None:
        verdict = snapshot.verdict
        if verdict.status is Status.CANCELLED:
            return _WORDS[verdict.status]
        return f"{_WORDS[verdict.status]}, {verdict.points:g} / {verdict.max_points:g} points"
    if snapshot.state is State.RUNNING:
        progress = snapshot.progress
        if progress is None or progress.total < 1:
            return "Running"
        return f"Running: test {min(progress.done + 1, progress.total)} of {progress.total}"
    return _place(snapshot)


def _place(snapshot: Snapshot) -> str:
    if snapshot.position is None:
        return "Queued"
    if snapshot.position == 0:
        return "Queued: next"
    wait = snapshot.wait_seconds or 0.0
    told = f", about {wait:.0f} s" if wait >= _WORTH_TELLING_SECONDS else ""
    return f"Queued: {snapshot.position} before yours{told}"


def plain(text: str) -> str:
    """Return the text without escape sequences and other characters that steer a terminal."""
    return _CONTROL.sub("", _ANSI.sub("", text.replace("\r\n", "\n")))


def _verdict_lines(verdict: Verdict) -> list[str]:
    lines = _indented(verdict.message, "  ")
    for test in verdict.tests:
        lines += _test_lines(test)
    if verdict.output:
        lines += ["  Printed by your code:", *_indented(verdict.output, "  | ")]
    return lines


def _test_lines(test: TestResult) -> list[str]:
    mark = "+" if test.status is Status.ACCEPTED else "-"
    name = plain(test.name) + (" (hidden)" if test.hidden else "")
    points = f"{test.points:g} / {test.max_points:g}"
    lines = [f"  {mark} {name}: {_WORDS[test.status]}, {points}"]
    if test.status is Status.ACCEPTED:
        return lines
    lines += _indented(test.message, "      Hint: " if test.hidden else "      ")
    for label, text in (("expected", test.expected), ("got", test.got), ("printed", test.output)):
        if text:
            lines += [f"      {label}:", *_indented(text, "        ")]
    return lines


def _indented(text: str, by: str) -> list[str]:
    return [by + line for line in plain(text).splitlines()]
