"""The tutorial "Your first problem": the cells that it has people write, and its commands."""

import json
import re
import shlex
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "first-problem.md"


def cells() -> list[tuple[str, str]]:
    """Return kind and text of each cell: a raw one, a markdown one, and those of code."""
    steps = PAGE.read_text("utf-8").partition("## Check it")[0]
    blocks = re.findall(r"(?:^ {7}.*\n|^\n(?= {7}))+", steps, re.MULTILINE)
    sources = [re.sub(r"^ {7}", "", block, flags=re.MULTILINE).strip() for block in blocks]
    return list(zip(["raw", "markdown", *["code"] * (len(sources) - 2)], sources, strict=True))


def commands() -> list[list[str]]:
    """Return the words of each command of a terminal, in their order."""
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines()]


def write_notebook(folder: Path, id_: str) -> None:
    """Write the cells into a notebook in a new folder, as one has who typed them."""
    folder.mkdir(parents=True)
    written = [
        {"cell_type": kind, "id": f"cell{number}", "metadata": {}, "source": source}
        | ({"execution_count": None, "outputs": []} if kind == "code" else {})
        for number, (kind, source) in enumerate(cells())
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = {"cells": written, "metadata": {"kernelspec": kernel}}
    text = json.dumps(notebook | {"nbformat": 4, "nbformat_minor": 5})
    (folder / f"{id_}.ipynb").write_text(text)
