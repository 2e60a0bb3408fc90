"""Where the service is, and who is asking."""

import json
from pathlib import Path

import pytest
from nbjudge.settings import from_environment
from nbjudge_course.errors import Unavailable

URL = {"NBJUDGE_SERVICE_URL": "http://127.0.0.1:8803/"}


def test_the_hubs_token_serves_where_there_is_no_other() -> None:
    assert from_environment({**URL, "JUPYTERHUB_API_TOKEN": "hub"}).token == "hub"
    both = {**URL, "JUPYTERHUB_API_TOKEN": "hub", "NBJUDGE_TOKEN": "own"}
    assert from_environment(both).token == "own"


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({}, "set NBJUDGE_SERVICE_URL"),
        ({"NBJUDGE_SERVICE_URL": "file:///etc/passwd"}, "no address"),
        (URL, "set NBJUDGE_TOKEN"),
        ({**URL, "NBJUDGE_TOKEN": "a\nb"}, "set NBJUDGE_TOKEN"),
    ],
)
def test_what_is_missing_is_named(environment: dict[str, str], word: str) -> None:
    with pytest.raises(Unavailable, match=word):
        from_environment(environment)


def test_the_token_is_not_shown() -> None:
    assert "secret" not in repr(from_environment({**URL, "NBJUDGE_TOKEN": "secret"}))


def test_the_live_address_is_that_of_the_service() -> None:
    settings = from_environment({**URL, "NBJUDGE_TOKEN": "t"})
    assert settings.live_url(4) == "ws://127.0.0.1:8803/api/live?revision=4"


def test_the_widget_asks_for_the_version_that_the_page_has() -> None:
    from nbjudge.widget import MODULE_VERSION

    package = Path(__file__).parents[3] / "extension" / "package.json"
    assert json.loads(package.read_text())["version"] == MODULE_VERSION
