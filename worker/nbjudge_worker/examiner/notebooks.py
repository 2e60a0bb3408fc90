"""What tests find for a notebook of several cells: run it up to a place, read its complaints."""

from typing import Any

from nbjudge_worker.examiner.peer import Peer


class NotebookTools:
    """The tools, on whichever candidate is there now."""

    def __init__(self) -> None:
        self.peer: Peer | None = None

    def names(self) -> dict[str, Any]:
        """Return what the namespace of the tests begins with."""
        return {"run_to": self.run_to, "stderr": self.stderr}

    def run_to(self, check: str) -> None:
        """Run the student's cells up to the line `#| check: NAME`; stand first in the test.

        A source without such lines has run already. What the cells print is no output of the test.
        """
        self._ask("run_to", check)
        self._ask("begin", [])

    def stderr(self) -> str:
        """Return what the student's code has written to standard error in this test."""
        return str(self._ask("stderr"))

    def _ask(self, op: str, *arguments: Any) -> Any:
        assert self.peer is not None
        return self.peer.ask(op, *arguments)
