"""What the judge gives to test cells, in an author's Jupyter: `%load_ext nbjudge_course.authoring`.

With it, Run All of a problem notebook does what the judge does: `raises` is there for the tests,
and a `wrong` cell is not run, so it neither takes the solution's place nor hangs the notebook, nor
is a cell in JavaScript.
For problems of `kind: program` there is `nbjudge_course.programs`, which adds `run`.
"""

import re
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nbjudge_course.cells import NotebookCell
from nbjudge_course.faults import Faults
from nbjudge_course.options import Role, RoleCell, read_role


class raises:  # noqa: N801 - named as in pytest, since it is used as there
    """A context in which an exception must come: `with raises(ValueError): ...`."""

    def __init__(
        self, expected: type[BaseException] | tuple[type[BaseException], ...], match: str = ""
    ) -> None:
        self._expected = expected
        self._match = match
        self.value: BaseException | None = None
        """The exception, once it has come."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is None:
            raise AssertionError(f"expected {self._names()}, and nothing was raised")
        if not isinstance(error, self._expected):
            return False
        assert re.search(self._match, str(error)), f"{error!r} does not match {self._match!r}"
        self.value = error
        return True

    def _names(self) -> str:
        kinds = self._expected if isinstance(self._expected, tuple) else (self._expected,)
        return " or ".join(kind.__name__ for kind in kinds)


def load_ipython_extension(shell: Any) -> None:  # noqa: ANN401 - IPython has no types
    """Give `raises` to the notebook; keep wrong cells and those in other languages from running."""
    shell.push({"raises": raises}, interactive=False)
    keep_cells(shell, lambda cell: cell.role is Role.WRONG or cell.mark != "#")


def keep_cells(shell: Any, keep: Callable[[RoleCell], bool]) -> None:  # noqa: ANN401 - as above
    """Have IPython run nothing in place of the cells that `keep` wants kept."""

    def transform(lines: list[str]) -> list[str]:
        cell = role_of("".join(lines))
        return [] if cell is not None and keep(cell) else lines

    shell.input_transformers_cleanup.append(transform)


def role_of(source: str) -> RoleCell | None:
    """Return the role of a cell that is about to run; None also when its `#|` lines are wrong."""
    return read_role(NotebookCell(1, "code", source), Faults(Path("this cell")))
