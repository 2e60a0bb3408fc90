"""Run All of a problem notebook in a clean kernel, as its author does in Jupyter."""

import tempfile
from pathlib import Path
from typing import Any

from nbjudge_course.cells import NotebookCell
from nbjudge_course.notebook import ProblemNotebook
from nbjudge_course.problem import Kind
from nbjudge_course.rehearsal.report import Finding

TIMEOUT_SECONDS = 120
_MAX_TEXT = 1500
_EXTENSIONS = {
    Kind.FUNCTION: "nbjudge_course.authoring",
    Kind.PROGRAM: "nbjudge_course.programs",
}
"""What a problem's tests need; notebooks load it themselves for their author's Run All."""


def run_all(problem: ProblemNotebook) -> list[Finding]:
    """Run every cell in a copy of the problem's folder; return what went wrong."""
    with tempfile.TemporaryDirectory(prefix="nbjudge-check-") as folder:
        for file in problem.problem.files:
            (Path(folder) / file.name).write_bytes(file.content)
        return _run(problem, folder)


def _run(problem: ProblemNotebook, folder: str) -> list[Finding]:
    import nbclient  # noqa: PLC0415 - takes a second, and only this needs it
    import nbformat  # noqa: PLC0415 - the same
    from jupyter_client.kernelspec import NoSuchKernel  # noqa: PLC0415 - the same

    notebook = nbformat.v4.new_notebook(cells=[_fresh(nbformat.v4, cell) for cell in problem.cells])  # type: ignore[no-untyped-call]
    client = nbclient.NotebookClient(
        notebook,
        timeout=TIMEOUT_SECONDS,
        kernel_name="python3",
        extra_arguments=["--log-level=40", f"--ext={_EXTENSIONS[problem.problem.kind]}"],
        resources={"metadata": {"path": folder}},
    )
    try:
        client.execute()
    except nbclient.exceptions.CellExecutionError as error:
        number = _failed_cell(notebook)
        said = f"Run All fails: {error.ename}: {error.evalue}"[:_MAX_TEXT]
        return [Finding("run_all", said, number)]
    except nbclient.exceptions.CellTimeoutError:
        said = f"Run All: the cell ran for more than {TIMEOUT_SECONDS} s"
        return [Finding("run_all", said, _running_cell(notebook))]
    except NoSuchKernel as error:
        said = f"Run All: there is no kernel {error.name!r}; pip install ipykernel"
        return [Finding("run_all", said)]
    except nbclient.exceptions.DeadKernelError:
        return [Finding("run_all", "Run All: the kernel died", _running_cell(notebook))]
    return []


def _fresh(v4: Any, cell: NotebookCell) -> Any:  # noqa: ANN401 - nbformat has no types
    """Return a cell without its outputs, however many megabytes they were."""
    make = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell}.get(cell.kind)
    return (make or v4.new_raw_cell)(cell.source)


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
