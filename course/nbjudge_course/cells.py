"""The cells of a notebook file, without anything of what they mean."""

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbjudge_course.faults import Faults
from nbjudge_course.text_notebook import FORMATS, read_text_notebook

MAX_NOTEBOOK_BYTES = 20 * 1024 * 1024
PYTHON_KERNEL = "python3"
"""What Jupyter calls its own Python kernel."""


@dataclass(frozen=True)
class NotebookCell:
    """One cell as it stands in the file."""

    number: int
    """The first cell is 1."""
    kind: str
    """`code`, `markdown` or `raw`."""
    source: str
    id: str = ""


@dataclass(frozen=True)
class NotebookFile:
    """A notebook as it stands in its file."""

    path: Path
    language: str
    """The language of its kernel."""
    cells: tuple[NotebookCell, ...]
    kernel: str = PYTHON_KERNEL
    """What Jupyter calls its kernel."""


def read_cells(path: Path) -> NotebookFile:
    """Read a notebook. Raise BadNotebook that says why when it cannot be read."""
    faults = Faults(path)
    content = _content(path, faults)
    faults.raise_if_any()
    cells = tuple(_cell(n, cell, faults) for n, cell in enumerate(content["cells"], start=1))
    _check_ids(cells, faults)
    faults.raise_if_any()
    return NotebookFile(path, _language(content), cells, _kernel(content))


def _content(path: Path, faults: Faults) -> dict[str, Any]:
    try:
        size = path.stat().st_size
        if size > MAX_NOTEBOOK_BYTES:
            faults.add(f"it is {size >> 20} MB large; clear its outputs and save it again")
            return {}
        if path.suffix in FORMATS:
            return read_text_notebook(path, path.read_text("utf-8"), faults)
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        faults.add("there is no such notebook")
    except OSError as error:
        faults.add(f"it cannot be read: {error.strerror}")
    except (ValueError, RecursionError) as error:
        faults.add(f"it is no notebook, its JSON is damaged ({error})")
    else:
        return _checked(content, faults)
    return {}


def _checked(content: object, faults: Faults) -> dict[str, Any]:
    if not isinstance(content, dict) or "nbformat" not in content:
        faults.add("it is JSON, but no notebook: `nbformat` is missing")
        return {}
    if content["nbformat"] != 4:
        faults.add(
            f"it is of notebook format {content['nbformat']}; save it in Jupyter as format 4"
        )
        return {}
    if not isinstance(content.get("cells"), list):
        faults.add("it is no notebook: `cells` is no list")
        return {}
    return content


def _cell(number: int, cell: object, faults: Faults) -> NotebookCell:
    kind = cell.get("cell_type") if isinstance(cell, dict) else None
    if not isinstance(cell, dict) or kind not in {"code", "markdown", "raw"}:
        faults.add("this is no cell of a notebook: its `cell_type` is unknown", cell=number)
        return NotebookCell(number, "raw", "")
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        faults.add("its `source` is no text", cell=number)
        source = ""
    return NotebookCell(number, kind, source.replace("\r\n", "\n"), str(cell.get("id", "")))


def _check_ids(cells: tuple[NotebookCell, ...], faults: Faults) -> None:
    counts = Counter(cell.id for cell in cells if cell.id)
    for id_, count in counts.items():
        if count > 1:
            twins = [cell.number for cell in cells if cell.id == id_]
            faults.add(
                f"cells {', '.join(map(str, twins))} have the same id {id_!r}; "
                "copy the cell within Jupyter, or delete the ids, and save",
                cell=twins[1],
            )


def _language(content: dict[str, Any]) -> str:
    language = _said(content, "kernelspec", "language") or _said(content, "language_info", "name")
    return language.lower() or "python"


def _kernel(content: dict[str, Any]) -> str:
    return _said(content, "kernelspec", "name") or PYTHON_KERNEL


def _said(content: dict[str, Any], section: str, name: str) -> str:
    """Return a text of the notebook's metadata; an empty one when it is not there."""
    metadata = content.get("metadata")
    part = metadata.get(section) if isinstance(metadata, dict) else None
    text = part.get(name) if isinstance(part, dict) else None
    return text if isinstance(text, str) else ""
