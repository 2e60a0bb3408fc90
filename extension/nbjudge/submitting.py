"""`nbjudge.submit(...)` and `%%submit two-sum`: submitting from any notebook or IPython."""

import inspect
import re
import sys
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.core.magic import Magics, cell_magic, magics_class
from IPython.display import display
from nbjudge_course.errors import NbjudgeError
from nbjudge_course.submission import Snapshot
from nbjudge_course.verdict import Verdict

from nbjudge.client import submit_and_wait
from nbjudge.settings import from_environment
from nbjudge.widget import as_html, as_text

_PROBLEM = re.compile(r"^\s*(?:#|//|--)\|\s*problem:\s*(\S+)", re.MULTILINE)
DEFAULT_SECONDS = 120.0


class Submission:
    """A submission that was made here; it shows itself as text and as HTML."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    @property
    def verdict(self) -> Verdict | None:
        """The verdict, once there is one."""
        return self.snapshot.verdict

    def __repr__(self) -> str:
        return as_text(self.snapshot)

    def _repr_html_(self) -> str:
        return as_html(self.snapshot)


def submit(
    problem: str | None = None,
    source: object = None,
    *,
    language: str = "python",
    timeout_seconds: float = DEFAULT_SECONDS,
) -> Submission | None:
    """Submit a solution and wait for the verdict, which is shown as it comes.

    `source` is text, or a function or class; without it the cell that calls this is submitted,
    and without `problem` the one that its `#| problem:` line names.
    Returns None, having said why, when the service did not take it.
    """
    text = _source_of(source)
    name = problem or _problem_of(text)
    if name is None:
        raise ValueError("say which problem: submit('two-sum'), or a line `#| problem: two-sum`")
    return _follow(name, text, language, timeout_seconds)


def _follow(problem: str, source: str, language: str, timeout_seconds: float) -> Submission | None:
    shown = _Shown()
    try:
        settings = from_environment()
        snapshot = submit_and_wait(
            settings,
            problem,
            source,
            language,
            changed=shown.update,
            timeout_seconds=timeout_seconds,
        )
    except NbjudgeError as error:
        sys.stderr.write(f"nbjudge: {error}\n")
        return None
    return Submission(snapshot)


class _Shown:
    """One output that is updated in place; in a terminal only the verdict is written."""

    def __init__(self) -> None:
        self._handle: Any = None

    def update(self, snapshot: Snapshot) -> None:
        """Show the newest snapshot."""
        submission = Submission(snapshot)
        if get_ipython() is None or not hasattr(get_ipython(), "kernel"):
            if snapshot.verdict is not None:
                sys.stdout.write(f"{submission!r}\n")
        elif self._handle is None:
            self._handle = display(submission, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(submission)


def _source_of(source: object) -> str:
    if isinstance(source, str):
        return source
    if source is not None:
        return inspect.getsource(source)  # type: ignore[arg-type]  # it raises a clear TypeError
    shell = get_ipython()
    if shell is None:
        raise ValueError("outside of a notebook, pass the source: submit('two-sum', two_sum)")
    cells = shell.user_ns.get("In", [""])
    return str(cells[-1])


def _problem_of(source: str) -> str | None:
    found = _PROBLEM.search(source)
    return found[1] if found else None


@magics_class
class SubmitMagics(Magics):
    """`%%submit [PROBLEM]` at the top of a cell."""

    @cell_magic
    def submit(self, line: str, cell: str) -> None:
        """Submit the cell; with --run it is run here as well."""
        words = line.split()
        run = "--run" in words
        names = [word for word in words if not word.startswith("-")]
        problem = names[0] if names else _problem_of(cell)
        if problem is None:
            sys.stderr.write("say which problem: %%submit two-sum\n")
            return
        if run:
            shell: Any = self.shell
            shell.run_cell(cell)
        _follow(problem, cell, "python", DEFAULT_SECONDS)
