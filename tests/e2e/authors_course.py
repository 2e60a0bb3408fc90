"""A small course in the making, in the folder of a running nbjudge."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from classroom import Classroom, Notebook
from playwright.sync_api import Locator, Page

COURSE = """\
title = "A course in the making"

[[sets]]
title = "Doubling in {id}"
due = 2099-01-31T18:00:00Z
attempts = 5
points = 20
problems = ["{id}"]
"""
CELLS = (
    ("raw", "---\nid: {id}\ntitle: Twice as much\n---"),
    ("markdown", "# Twice as much\n\nWrite `double(n)`."),
    ("code", "#| starter\ndef double(n): ..."),
    ("code", "#| solution\ndef double(n):\n    return n + n"),
    ("code", "#| test: two\nassert double(2) == 4"),
    ("code", "#| test: a big one\n#| hidden: true\nassert double(1000) == 2000"),
    ("code", "#| wrong: squares, verdict: partial\ndef double(n):\n    return n * n"),
    ("code", "assert double(3) == 6"),
)


def write_course(folder: Path, id_: str) -> None:
    """Write a course of one problem, whose last cell has no role yet."""
    folder.mkdir()
    (folder / "course.toml").write_text(COURSE.format(id=id_))
    cells = [_cell(f"cell{n}", kind, text.format(id=id_)) for n, (kind, text) in enumerate(CELLS)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel}
    notebook = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    (folder / f"{id_}.ipynb").write_text(json.dumps(notebook))


def _cell(id_: str, kind: str, source: str) -> dict[str, Any]:
    cell = {"cell_type": kind, "id": id_, "metadata": {}, "source": source}
    return cell | {"execution_count": None, "outputs": []} if kind == "code" else cell


class Author(Notebook):
    """An instructor at a problem's notebook."""

    def __init__(
        self,
        page: Page,
        classroom: Classroom,
        id_: str,
        write: Callable[[Path, str], None] = write_course,
    ) -> None:
        super().__init__(page, classroom)
        self.id = id_
        write(classroom.data / "notebooks" / id_, id_)
        self.open(f"{id_}/{id_}.ipynb")
        self.bar.wait_for()

    @property
    def bar(self) -> Locator:
        return self.page.locator(".nbj-AuthorBar:visible")

    @property
    def dialog(self) -> Locator:
        return self.page.locator(".jp-Dialog")

    def code(self, number: int) -> Locator:
        """The cell of this number, among all cells, as a check counts them: from 1."""
        return self.page.locator(".jp-Notebook:visible .jp-Cell").nth(number - 1)

    def text(self, number: int) -> str:
        """What stands in the cell."""
        found = self.page.evaluate(
            "number => window.jupyterapp.shell.currentWidget.content.widgets[number - 1]"
            ".model.sharedModel.getSource()",
            number,
        )
        return str(found)

    def press(self, button: str) -> None:
        self.bar.get_by_role("button", name=button).click()

    def give_role(self, number: int, role: str) -> None:
        self.code(number).locator(".cm-content").click()
        self.press("Role of the cell")
        self.page.get_by_role("menuitemcheckbox", name=role, exact=True).or_(
            self.page.get_by_role("menuitem", name=role, exact=True)
        ).click()

    def answer(self, title: str, text: str) -> None:
        """Answer the dialog that asks for this."""
        asking = self.dialog.filter(has_text=title)
        asking.get_by_role("textbox").fill(text)
        asking.get_by_role("button", name="OK").click()

    def rewrite(self, number: int, old: str, new: str) -> None:
        """Replace the text of a cell."""
        source = self.text(number)
        assert old in source
        self.code(number).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(source.replace(old, new))


class Panel:
    """The panel of the course at the left."""

    def __init__(self, page: Page) -> None:
        self._page = page
        page.evaluate("window.jupyterapp.commands.execute('nbjudge:show-problems')")
        self.problem("two-sum").wait_for()

    def problem(self, id_: str) -> Locator:
        return self._page.locator(f".nbj-Course [data-problem='{id_}']")

    def set(self, title: str) -> Locator:
        return self._page.locator(".nbj-Course section").filter(has_text=title)
