"""A command finds the service of `nbjudge run`, and gives its secret to no other."""

import json
from pathlib import Path

import pytest
from nbjudge_course.local_service import service_for
from nbjudge_course.service_client import DEFAULT_URL

URL = "http://127.0.0.1:9999"


@pytest.fixture(autouse=True)
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("NBJUDGE_SERVICE_URL", "NBJUDGE_TOKEN", "JUPYTERHUB_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "course"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def running(tmp_path: Path) -> None:
    (tmp_path / ".nbjudge").mkdir()
    (tmp_path / ".nbjudge" / "service").write_text(f"{URL}\n")
    (tmp_path / ".nbjudge" / "tokens.json").write_text(json.dumps({"secret": {"name": "ada"}}))


@pytest.mark.usefixtures("running")
def test_the_service_that_runs_in_a_folder_above_is_found_with_its_secret() -> None:
    assert service_for(None, None) == (URL, "secret")


@pytest.mark.usefixtures("running")
def test_the_secret_goes_to_no_address_that_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    other = "https://judge.example.org"
    assert service_for(other, None) == (other, "")
    monkeypatch.setenv("NBJUDGE_SERVICE_URL", other)
    assert service_for(None, None) == (other, "")


@pytest.mark.usefixtures("running")
def test_a_token_that_was_said_goes_before_the_secret() -> None:
    assert service_for(None, "mine") == (URL, "mine")


@pytest.mark.usefixtures("running")
def test_what_another_user_left_in_a_shared_folder_is_not_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("os.getuid", lambda: 12345)
    assert service_for(None, "mine") == (DEFAULT_URL, "mine")


def test_where_none_runs_it_is_the_usual_address() -> None:
    assert service_for(None, None) == (DEFAULT_URL, "")
