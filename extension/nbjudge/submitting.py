"""`nbjudge.submit(...)` and `%%submit two-sum`: submitting from any notebook or IPython."""

import random
import secrets
import sys
import time
from typing import Any

import msgspec
from IPython.core.magic import Magics, cell_magic, magics_class
from IPython.display import display
from nbjudge_course.errors import NbjudgeError
from nbjudge_course.submission import NewSubmission, Snapshot, State
from nbjudge_course.verdict import Verdict
from nbjudge_course.wire import Refusal

from nbjudge.answer import cell_of, problem_in, text_of, without_submitting
from nbjudge.client import Busy, NotAccepted, cancel, follow, post
from nbjudge.origin import Origin, in_notebook, origin
from nbjudge.settings import from_environment
from nbjudge.words import MIME_TYPE, as_html, as_text

DEFAULT_SECONDS = 300.0
_SAY_WHICH = "say which problem: submit('two-sum'), or begin with `#| problem: two-sum`"


class Submission:
    """A submission that was made here. It shows itself live in JupyterLab, else as HTML or text."""

    def __init__(self, new: NewSubmission) -> None:
        self.id = new.id
        self.problem = new.problem
        self.snapshot: Snapshot | None = None
        self.refusal: Refusal | None = None
        """Why it was not accepted."""
        self.refused_at: float | None = None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict, once there is one."""
        return self.snapshot.verdict if self.snapshot else None

    def cancel(self) -> "Submission":
        """Take it back, unless its verdict is faster. Raises NotAccepted and Unavailable."""
        if self.snapshot is not None:
            self.snapshot = cancel(from_environment(), self.id)
        return self

    def wait(self, timeout_seconds: float = DEFAULT_SECONDS) -> "Submission":
        """Follow it until the verdict, showing each change."""
        _wait(self, _Shown(), timeout_seconds)
        return self

    def refuse(self, refusal: Refusal) -> None:
        """Remember why it was not accepted."""
        self.refusal, self.refused_at = refusal, time.time()

    def __repr__(self) -> str:
        return as_text(self.problem, self.snapshot, self.refusal)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:  # noqa: ANN401 - IPython's
        payload = {
            "id": self.id,
            "problem": self.problem,
            "snapshot": msgspec.to_builtins(self.snapshot),
            "refusal": msgspec.to_builtins(self.refusal),
            "refused_at": self.refused_at,
        }
        html = as_html(self.problem, self.snapshot, self.refusal)
        return {MIME_TYPE: payload, "text/html": html, "text/plain": repr(self)}


def submit(
    problem: str | None = None,
    source: object = None,
    *,
    language: str = "python",
    wait: bool = True,
    timeout_seconds: float = DEFAULT_SECONDS,
) -> Submission | None:
    """Submit a solution and show what becomes of it.

    `source` is text, or a function or class; without it the cell that calls this is submitted,
    and without `problem` the one that its `#| problem:` line names. In a notebook, where the
    submission is shown, it is returned only with `wait=False`; `nbjudge.last()` has it always.

    What an earlier run of the same cell has submitted to the problem, and has no verdict, is
    replaced. While the service is busy it is tried again until `timeout_seconds` are over.
    """
    text = cell_of(sys._getframe(1)) if source is None else text_of(source)
    name = problem or problem_in(text)
    if name is None:
        raise ValueError(_SAY_WHICH)
    made = _hand_in(name, text, language, wait=wait, timeout_seconds=timeout_seconds)
    return None if wait and in_notebook() else made


_made: list[Submission] = []
_latest: dict[tuple[str, str], tuple[str, Submission]] = {}
"""By cell and problem: the run, and what it submitted last."""


def last() -> Submission | None:
    """Return what was submitted last from this kernel."""
    return _made[-1] if _made else None


def _hand_in(
    problem: str, source: str, language: str, *, wait: bool, timeout_seconds: float
) -> Submission:
    shown, here = _Shown(), origin()
    new = NewSubmission(
        id=secrets.token_hex(16),
        problem=problem,
        language=language,
        source=source,
        replaces=_replaced(here, problem),
    )
    submission = Submission(new)
    _made[:] = [submission]
    _post(submission, new, timeout_seconds if wait else 0.0)
    if here.cell is not None:
        _latest[here.cell, problem] = (here.run, submission)
    if wait:
        shown.update(submission)
        _wait(submission, shown, timeout_seconds)
    return submission


def _replaced(here: Origin, problem: str) -> str | None:
    """Return the id of what an earlier run of this cell submitted, if it may be without verdict."""
    run, before = _latest.get((here.cell or "", problem), (here.run, None))
    if before is None or before.snapshot is None or run == here.run:
        return None
    return None if before.snapshot.state is State.DONE else before.id


def _post(submission: Submission, new: NewSubmission, patience_seconds: float) -> None:
    """Hand it in; while the service is busy, when it says and as long as patience lasts."""
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            submission.snapshot = post(from_environment(), new)
            submission.refusal = None
        except Busy as error:
            submission.refuse(error.refusal)
            pause = error.seconds * random.uniform(1.0, 1.25)  # noqa: S311 - not all at once
            if time.monotonic() + pause < deadline:
                sys.stderr.write(f"nbjudge: {error}; trying again by itself\n")
                time.sleep(pause)
                continue
        except NotAccepted as error:
            submission.refuse(error.refusal)
        except NbjudgeError as error:
            submission.refuse(Refusal(reason="service_unavailable", message=str(error)))
        return


def _wait(submission: Submission, shown: "_Shown", timeout_seconds: float) -> None:
    if submission.snapshot is None:
        return
    try:
        for snapshot in follow(from_environment(), submission.snapshot, timeout_seconds):
            submission.snapshot = snapshot
            shown.update(submission)
    except NbjudgeError as error:
        sys.stderr.write(f"nbjudge: {error}; the submission itself is safe\n")
    except KeyboardInterrupt:
        sys.stderr.write("nbjudge: it is graded all the same; nbjudge.last().cancel() ends it\n")
        raise


class _Shown:
    """One output that is updated in place; in a terminal only how it ended is written."""

    def __init__(self) -> None:
        self._handle: Any = None

    def update(self, submission: Submission) -> None:
        """Show it as it is now."""
        if not in_notebook():
            snapshot = submission.snapshot
            if snapshot is None or snapshot.state is State.DONE:
                sys.stdout.write(f"{submission!r}\n")
        elif self._handle is None:
            self._handle = display(submission, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(submission)


@magics_class
class SubmitMagics(Magics):
    """`%%submit [PROBLEM] [--language NAME] [--run] [--no-wait]` at the top of a cell."""

    @cell_magic
    def submit(self, line: str, cell: str) -> None:
        """Submit the cell; with --run it is run here as well."""
        words = line.split()
        language = "python"
        if "--language" in words[:-1]:
            at = words.index("--language")
            language = words[at + 1]
            del words[at : at + 2]
        names = [word for word in words if not word.startswith("-")]
        problem = names[0] if names else problem_in(cell)
        if problem is None:
            sys.stderr.write("say which problem: %%submit two-sum\n")
            return
        if "--run" in words:
            shell: Any = self.shell
            shell.run_cell(cell)
        # An empty line in the place of this one keeps the numbers of lines in messages true.
        source = "\n" + (without_submitting(cell) if language == "python" else cell)
        wait = "--no-wait" not in words
        _hand_in(problem, source, language, wait=wait, timeout_seconds=DEFAULT_SECONDS)
