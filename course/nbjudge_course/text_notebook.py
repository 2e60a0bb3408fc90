"""Notebooks written as text: `.py` in the percent format and `.md`, read by Jupytext."""

import json
from pathlib import Path
from typing import Any

from nbjudge_course.faults import Faults

FORMATS = {".py": "py:percent", ".md": "md"}
"""Jupytext's name of the format, by the ending of the file."""


def read_text_notebook(path: Path, text: str, faults: Faults) -> dict[str, Any]:
    """Return the content that the `.ipynb` would have; nothing, and a fault, if there is none."""
    try:
        import jupytext  # noqa: PLC0415 - only authors have it
    except ImportError:
        faults.add(
            f"reading {path.suffix} needs Jupytext: pip install 'nbjudge-course[author]', "
            "or save it as .ipynb"
        )
        return {}
    try:
        # As text, so that what was read is plain JSON like that of any other notebook.
        written = jupytext.writes(jupytext.reads(text, fmt=FORMATS[path.suffix]), fmt="ipynb")
        content: dict[str, Any] = json.loads(written)
    except Exception as error:  # noqa: BLE001 - Jupytext raises what its parsers raise
        faults.add(f"Jupytext cannot read it: {error}")
        return {}
    return content
