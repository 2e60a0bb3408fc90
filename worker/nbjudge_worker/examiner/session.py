"""An examination: the author's tests run one by one against the candidate on the line."""

import traceback
import types
from collections.abc import Callable
from typing import Any

from nbjudge_course.checkers import Mismatch

from nbjudge_worker.codec import BadValue
from nbjudge_worker.examiner.assertions import (
    BLOCK,
    HELPER,
    NOTE,
    Blocks,
    compare,
    note,
)
from nbjudge_worker.examiner.cell_code import compiled, dumped, filename_of, loaded, remember
from nbjudge_worker.examiner.differences import shown
from nbjudge_worker.examiner.mirrors import trace_of
from nbjudge_worker.examiner.namespace import Namespace, names_of
from nbjudge_worker.examiner.notebooks import NotebookTools
from nbjudge_worker.examiner.peer import Gone, Peer
from nbjudge_worker.examiner.runs import Run
from nbjudge_worker.examiner.tools import Tools
from nbjudge_worker.examiner.unit_tests import install

_MAX_TEXT = 4000
_OUT_OF_MEMORY = (
    "MemoryError",
    "std::bad_alloc",
    "java.lang.OutOfMemoryError",
    "JavaScript heap out of memory",
    "runtime: out of memory",
    "memory allocation of",
    "cannot allocate vector",
    "cannot allocate memory",
)
"""What programs of many languages say at their end when there is no memory left."""
_CO_COROUTINE = 0x80

Report = dict[str, Any]
"""What the worker is told of one test: outcome, message, expected, got, memory."""


class Session:
    """The tests of one problem and the namespace that they share."""

    def __init__(self, job: dict[str, Any], tell: Callable[[dict[str, Any]], None]) -> None:
        self._setup = str(job.get("setup", ""))
        self._tests: list[dict[str, Any]] = job["tests"]
        self._codes: list[str] = job.get("codes") or []
        self._tools = Tools(tell)
        theirs = set().union(*(names_of(source) for source in job.get("theirs", [])))
        self._is_foreign = job.get("language") == "javascript"
        self._notebooks = NotebookTools()
        tools = self._tools.names(of_programs=job.get("kind") == "program")
        given = {**tools, **self._notebooks.names()}
        names = {name: tool for name, tool in given.items() if name not in theirs}
        names |= {HELPER: compare, BLOCK: Blocks(self._handed_over), NOTE: note}
        self._namespace = Namespace(names, theirs)
        if any("unittest" in source for source in (self._setup, *_sources(self._tests))):
            install(self._namespace)
        self._peer: Peer | None = None

    def connect(self, peer: Peer) -> Report:
        """Examine this candidate from now on; run the author's setup. Return how that went.

        That it fails is the author's only when the student's code can have no part in it: it has
        given nothing, and it has not been replaced, after which a setup runs once more.
        """
        is_first = self._peer is None
        self._peer = self._tools.peer = self._notebooks.peer = peer
        if self._is_foreign:
            peer.speak_javascript()
        self._namespace.connect(peer)
        if not self._setup.strip():
            return {"outcome": "passed"}
        report = self._run(self._setup, "<setup>")
        if report["outcome"] == "failed" and is_first and not peer.took_part:
            return {"outcome": "author", "message": report["message"]}
        return report

    def run(self, number: int) -> Report:
        """Run one test and return how it ended."""
        test = self._tests[number]
        known = self._codes[number] if self._codes else None
        return self._run(test["source"], filename_of(test), known)

    def _handed_over(self) -> int:
        return self._peer.handed_over if self._peer else 0

    def _run(self, source: str, filename: str, known: str | None = None) -> Report:
        assert self._peer is not None
        try:
            test = loaded(known) if known else compiled(source, filename)
        except (SyntaxError, ValueError) as error:
            return {"outcome": "author", "message": f"the test is not Python: {error}"}
        remember(source, filename)
        self._peer.begin(expects_stop="StopIteration" in source)
        try:
            self._tools.begin()
            self._namespace.begin(test.reads)
            self._peer.took_part = False
            _execute(test.code, self._namespace)
            report: Report = {"outcome": "passed"}
        except BaseException as error:  # noqa: BLE001  # however a test ends, it ends here
            self._peer.took_part |= isinstance(error, BadValue)
            report = self._failed(error, filename)
        if self._peer.gone:
            return {"outcome": "gone"}
        broken = self._peer.visits.broken
        if broken is not None and report["outcome"] != "failed":
            return self._failed(broken, filename)
        return report

    def _failed(self, error: BaseException, filename: str) -> Report:
        trace = trace_of(error)
        run = self._tools.failed_run
        if trace is not None:
            memory = isinstance(error, MemoryError)
            return {"outcome": "raised", "message": trace[-_MAX_TEXT:], "memory": memory}
        if run is not None and not isinstance(error, (Gone, NameError)):
            return _failed_run(run)
        if isinstance(error, Mismatch):
            return {
                "outcome": "failed",
                "message": str(error)[:_MAX_TEXT],
                "expected": error.expected,
                "got": error.got,
            }
        if isinstance(error, NameError) and error.name:
            message = f"NameError: the cell does not define '{error.name}'"
            return {"outcome": "raised", "message": message, "memory": False}
        return {"outcome": "failed", "message": _plain_failure(error, filename)[:_MAX_TEXT]}


def compiled_tests(tests: list[dict[str, Any]]) -> list[str]:
    """Return the code of each test, for a session. Raise SyntaxError or ValueError."""
    return [dumped(compiled(test["source"], filename_of(test))) for test in tests]


def _sources(tests: list[dict[str, Any]]) -> list[str]:
    return [str(test["source"]) for test in tests]


def _execute(code: types.CodeType, namespace: Namespace) -> None:
    if code.co_flags & _CO_COROUTINE:
        import asyncio  # noqa: PLC0415  # it makes every process larger, and few need it

        asyncio.run(eval(code, namespace, namespace))  # noqa: S307  # running tests is what we are here for
    else:
        exec(code, namespace, namespace)  # noqa: S102  # the same


def _failed_run(run: Run) -> Report:
    """A program that ended badly is told as such, not as wrong output."""
    killed = run.exit_code == -9
    memory = killed or any(words in run.stderr for words in _OUT_OF_MEMORY)
    said = run.stderr.strip() or f"the program ended with exit code {run.exit_code}"
    return {"outcome": "raised", "message": said[-_MAX_TEXT:], "memory": memory}


def _plain_failure(error: BaseException, filename: str) -> str:
    """Say what went wrong in the test itself, with the line of the test."""
    if isinstance(error, BadValue):
        return f"the answer cannot be read: {error}"
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == filename]
    place = f"\nin the test: {frames[-1].line}" if frames and frames[-1].line else ""
    text = str(error).strip()
    if isinstance(error, AssertionError):
        return (text or "the test does not hold") + ("" if text else place)
    return f"{type(error).__name__}: {text or shown(error)}{place}"
