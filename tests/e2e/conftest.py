"""One running nbjudge and one browser for all tests here; both are gone when these are done."""

from collections.abc import Iterator

import pytest
from classroom import Classroom, Notebook, open_browser, open_classroom
from playwright.sync_api import Browser, Page


@pytest.fixture(scope="package")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Classroom]:
    with open_classroom(tmp_path_factory.mktemp("classroom")) as running:
        yield running


@pytest.fixture(scope="module")  # not longer: Playwright's loop is in the way of other suites
def browser() -> Iterator[Browser]:
    with open_browser() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1200, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


@pytest.fixture
def notebook(page: Page, classroom: Classroom, request: pytest.FixtureRequest) -> Notebook:
    """A fresh copy of two-sum, open."""
    name = classroom.copy(request.node.name.removeprefix("test_")[:40])
    return Notebook(page, classroom).open(name)
