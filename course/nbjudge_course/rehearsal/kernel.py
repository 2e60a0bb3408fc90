"""Run All of a problem notebook in a clean kernel, as its author does in Jupyter."""

import asyncio
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from nbjudge_course.cells import PYTHON_KERNEL, NotebookCell
from nbjudge_course.notebook import ProblemNotebook
from nbjudge_course.problem import Kind
from nbjudge_course.rehearsal.report import Finding

TIMEOUT_SECONDS = 120.0
"""What a cell without a role may take, for instance one that makes a data file."""
_SPARE_SECONDS = 10.0
"""What a cell with a role may take beside the wall time of its problem."""
_MAX_TEXT = 1500
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ARROW = re.compile(r"^-+> (\d+)", re.MULTILINE)
"""How IPython marks a line; the first is that of the cell."""
_CHANGE = "choose a Python kernel by Kernel > Change Kernel in Jupyter, and save"
_EXTENSIONS = {
    Kind.FUNCTION: "nbjudge_course.authoring",
    Kind.PROGRAM: "nbjudge_course.programs",
}
"""What a problem's tests need; notebooks load it themselves for their author's Run All."""


def run_all(problem: ProblemNotebook) -> list[Finding]:
    """Run every cell in a copy of the problem's folder; return what went wrong."""
    unfit = _unfit(problem.kernel)
    if unfit:
        return [Finding("run_all", f"Run All: the notebook's kernel {problem.kernel!r} {unfit}")]
    with tempfile.TemporaryDirectory(prefix="nbjudge-check-") as folder:
        for file in problem.problem.files:
            (Path(folder) / file.name).write_bytes(file.content)
        return _run(problem, folder)


def _run(problem: ProblemNotebook, folder: str) -> list[Finding]:
    import nbclient  # noqa: PLC0415 - takes a second, and only this needs it
    import nbformat  # noqa: PLC0415 - the same

    notebook = nbformat.v4.new_notebook(cells=[_fresh(nbformat.v4, cell) for cell in problem.cells])  # type: ignore[no-untyped-call]

    def seconds(cell: Any) -> float:  # noqa: ANN401 - nbformat has no types
        return _seconds(problem, notebook.cells.index(cell) + 1)

    client = nbclient.NotebookClient(
        notebook,
        timeout_func=seconds,
        kernel_name=problem.kernel,
        extra_arguments=["--log-level=40", f"--ext={_EXTENSIONS[problem.problem.kind]}"],
        resources={"metadata": {"path": folder}},
        shutdown_kernel="immediate",
    )
    try:
        # Its standard error has nothing for authors: a kernel complains there of being ended.
        asyncio.run(client.async_execute(stderr=subprocess.DEVNULL))
    except nbclient.exceptions.CellExecutionError as error:
        return [_failure(notebook, error)]
    except nbclient.exceptions.CellTimeoutError:
        number = _running_cell(notebook)
        said = f"Run All: the cell ran for more than {_seconds(problem, number):g} s"
        return [Finding("run_all", said, number)]
    except nbclient.exceptions.DeadKernelError:
        return [Finding("run_all", "Run All: the kernel died", _running_cell(notebook))]
    except RuntimeError as error:
        return [Finding("run_all", f"Run All: the kernel did not start: {error}"[:_MAX_TEXT])]
    return []


def _seconds(problem: ProblemNotebook, number: int | None) -> float:
    """Return what the cell of this number may take."""
    if number not in problem.roles:
        return TIMEOUT_SECONDS
    return problem.problem.limits.wall_seconds + _SPARE_SECONDS


def _unfit(kernel: str) -> str:
    """Return why tests cannot run in a kernel, and what to do; nothing when they can."""
    from jupyter_client.kernelspec import (  # noqa: PLC0415 - takes a while, and only this needs it
        KernelSpecManager,
        NoSuchKernel,
    )

    try:
        language = KernelSpecManager().get_kernel_spec(kernel).language.lower()
    except NoSuchKernel:
        install = (
            "pip install ipykernel" if kernel == PYTHON_KERNEL else f"install it, or {_CHANGE}"
        )
        return f"is not on this machine; {install}"
    return "" if language == "python" else f"speaks {language}, and tests are Python; {_CHANGE}"


def _fresh(v4: Any, cell: NotebookCell) -> Any:  # noqa: ANN401 - nbformat has no types
    """Return a cell without its outputs, however many megabytes they were."""
    make = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell}.get(cell.kind)
    return (make or v4.new_raw_cell)(cell.source)


def _failure(notebook: Any, error: Any) -> Finding:  # noqa: ANN401 - as above
    """Return what a cell raised, and the line of the cell at which it did."""
    number = _failed_cell(notebook)
    place = _ARROW.search(_COLOUR.sub("", str(error.traceback)))
    lines = "" if number is None else notebook.cells[number - 1].source
    line = int(place[1]) if place else None
    told = str(error.evalue)
    if not told and line is not None:
        told = "".join(lines.splitlines()[line - 1 : line]).strip()
    said = f"Run All fails: {error.ename}: {told}".removesuffix(": ")
    return Finding("run_all", said[:_MAX_TEXT], number, line)


def _failed_cell(notebook: Any) -> int | None:  # noqa: ANN401 - as above
    for number, cell in enumerate(notebook.cells, 1):
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            return number
    return None


def _running_cell(notebook: Any) -> int | None:  # noqa: ANN401 - as above
    """Return the last cell that was begun."""
    cells = notebook.cells
    begun = [
        number
        for number, cell in enumerate(cells, 1)
        if cell.cell_type == "code" and "iopub.execute_input" in str(cell.metadata.get("execution"))
    ]
    return begun[-1] if begun else None
