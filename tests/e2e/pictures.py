"""Makes the pictures of the documentation: `python -m tests.e2e.pictures`, from the root."""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(Path(__file__).parent))

import tutorial  # noqa: E402
from authors_course import Author  # noqa: E402
from classroom import (  # noqa: E402
    RIGHT,
    WRONG,
    Classroom,
    Notebook,
    open_browser,
    open_classroom,
)
from playwright.sync_api import Browser, expect  # noqa: E402

IMAGES = ROOT / "docs" / "images"
WAIT = 60_000


def main() -> None:
    """Write what students and authors see, in both themes."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_classroom(Path(folder)) as classroom,
        open_browser() as browser,
    ):
        for theme in ("Light", "Dark"):
            _verdicts(browser, classroom, theme)
            _authoring(browser, classroom, theme)


def _verdicts(browser: Browser, classroom: Classroom, theme: str) -> None:
    page = browser.new_page(viewport={"width": 900, "height": 860})
    notebook = Notebook(page, classroom).open(classroom.copy(theme.lower()))
    _lay_out(notebook, theme)
    for name, source, word in (("verdict", WRONG, "Partly right"), ("accepted", RIGHT, "Accepted")):
        notebook.submit(source)
        expect(notebook.status).to_contain_text(word, timeout=WAIT)
        notebook.cell.scroll_into_view_if_needed()
        page.mouse.move(0, 0)
        notebook.cell.screenshot(path=_place(name, theme))
    page.close()


def _authoring(browser: Browser, classroom: Classroom, theme: str) -> None:
    page = browser.new_page(viewport={"width": 1100, "height": 880})
    author = Author(page, classroom, f"double-{theme.lower()}", tutorial.write_notebook)
    _lay_out(author, theme)
    page.get_by_text("| Idle").wait_for(timeout=WAIT)  # the kernel says how code is coloured
    page.mouse.move(0, 0)
    page.locator(".jp-NotebookPanel").screenshot(path=_place("author", theme))
    author.press("Publish")
    author.dialog.get_by_text("new (").wait_for()
    page.locator(".jp-Dialog-content").screenshot(path=_place("publish", theme))
    author.dialog.get_by_role("button", name="Cancel").click()
    author.rewrite(7, "wrong_answer", "runtime_error")
    author.press("Check")
    expect(page.locator(".nbj-Findings li")).to_contain_text("Cell 7", timeout=WAIT)
    author.code(7).scroll_into_view_if_needed()
    page.mouse.move(0, 0)
    page.locator("#jp-main-dock-panel").screenshot(path=_place("check", theme))
    page.close()


def _lay_out(notebook: Notebook, theme: str) -> None:
    notebook.paint(theme)
    notebook.page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")


def _place(name: str, theme: str) -> Path:
    return IMAGES / f"{name}-{theme.lower()}.png"


if __name__ == "__main__":
    main()
