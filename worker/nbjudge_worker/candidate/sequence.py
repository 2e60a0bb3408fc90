"""A notebook as one source: its cells run one after the other, as far as a test asks for.

`#| cell` begins a cell and `#| check: NAME` is the place at which the tests called NAME run. As in
a notebook, a cell that fails is told on standard error and does not keep the next from running.
"""

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nbjudge_worker.candidate.cell import explain

_MARK = re.compile(r"^#\|\s*(?:(?P<cell>cell)|check:\s*(?P<check>\S+))\s*$")


@dataclass(frozen=True)
class _Step:
    source: str
    check: str


class Sequence:
    """The cells of one source, and how many of them have run."""

    def __init__(
        self, source: str, restart: Callable[[], None], run: Callable[[str], None]
    ) -> None:
        self._steps = _steps(source)
        self._restart, self._run = restart, run
        self._done = 0
        self._process = os.getpid()

    def run_to(self, check: str) -> None:
        """Run the cells up to this check; all of them when there is no such check.

        When more has run already, begin anew: a later cell may have given a name another value.
        """
        checks = [step.check for step in self._steps]
        end = checks.index(check) + 1 if check in checks else len(checks)
        if end < self._done:
            self._restart()
            self._done = 0
        while self._done < end:
            self._done += 1
            self._run_one(self._steps[self._done - 1].source)

    def _run_one(self, source: str) -> None:
        try:
            if source.strip():
                self._run(source)
        except BaseException as error:  # a failed cell does not end a notebook
            if os.getpid() != self._process:
                raise  # a fork of the student's runs no further cell
            sys.stderr.write(explain(error) + "\n")


def is_sequence(source: str) -> bool:
    """Return whether a source says that it is a notebook of several cells."""
    return any(_MARK.match(line) for line in source.splitlines())


def restarting(namespace: dict[str, Any], prepare: Callable[[], None]) -> Callable[[], None]:
    """Return what puts the namespace back to how it is now, and prepares it anew."""
    before = dict(namespace)

    def restart() -> None:
        namespace.clear()
        namespace.update(before)
        prepare()

    return restart


def _steps(source: str) -> list[_Step]:
    steps: list[_Step] = []
    lines: list[str] = []
    for line in source.split("\n"):
        mark = _MARK.match(line)
        if mark is None:
            lines.append(line)
            continue
        steps.append(_Step("\n".join(lines), mark["check"] or ""))
        lines = []
    return [*steps, _Step("\n".join(lines), "")]
