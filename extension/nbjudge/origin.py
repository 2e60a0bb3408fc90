"""Where a submission is made from: the cell, and the run of it."""

from typing import Any, NamedTuple

from IPython.core.getipython import get_ipython


class Origin(NamedTuple):
    """One run of one cell."""

    cell: str | None
    """Its id; one for a whole terminal; None when a notebook does not tell."""
    run: str


def origin() -> Origin:
    """Return what is running now."""
    shell: Any = get_ipython()
    if not in_notebook():
        return Origin("terminal", str(getattr(shell, "execution_count", "")))
    asked = shell.get_parent()
    return Origin(asked.get("metadata", {}).get("cellId"), asked["header"]["msg_id"])


def in_notebook() -> bool:
    """Tell whether a kernel runs this, whose outputs can be updated."""
    return hasattr(get_ipython(), "kernel")
