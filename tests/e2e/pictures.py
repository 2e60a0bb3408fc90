"""Makes the pictures of the documentation: `python -m tests.e2e.pictures`, from the root."""

import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(Path(__file__).parent))

from classroom import RIGHT, WRONG, Notebook, open_browser, open_classroom  # noqa: E402
from playwright.sync_api import expect  # noqa: E402

IMAGES = ROOT / "docs" / "images"


def main() -> None:
    """Write a verdict in both themes, wrong and right."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_classroom(Path(folder)) as classroom,
        open_browser() as browser,
    ):
        for theme in ("Light", "Dark"):
            page = browser.new_page(viewport={"width": 900, "height": 860})
            notebook = Notebook(page, classroom).open(classroom.copy(theme.lower()))
            notebook.paint(theme)
            page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
            for name, source, word in (
                ("verdict", WRONG, "Partly right"),
                ("accepted", RIGHT, "Accepted"),
            ):
                notebook.submit(source)
                expect(notebook.status).to_contain_text(word, timeout=30_000)
                notebook.cell.scroll_into_view_if_needed()
                page.mouse.move(0, 0)
                notebook.cell.screenshot(path=IMAGES / f"{name}-{theme.lower()}.png")
            page.close()


if __name__ == "__main__":
    main()
