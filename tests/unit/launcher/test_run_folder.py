"""The folder of a laptop's nbjudge."""

import json
import stat

import pytest
from nbjudge_course.local_service import local_token, local_url
from nbjudge_grader_service.run_folder import AlreadyRunning, RunFolder


def test_the_token_is_made_once_and_only_its_owner_can_read_it(tmp_path):
    folder = RunFolder(tmp_path)

    token = folder.token()

    assert folder.token() == token
    assert stat.S_IMODE(folder.tokens.stat().st_mode) == 0o600
    assert json.loads(folder.tokens.read_text())[token]["instructor"] is True


def test_a_second_start_is_told_where_the_first_one_is(tmp_path):
    with RunFolder(tmp_path).lock():
        RunFolder(tmp_path).announce("http://127.0.0.1:8888/lab", "http://127.0.0.1:8803")

        with pytest.raises(AlreadyRunning, match=r"http://127\.0\.0\.1:8888/lab"):
            with RunFolder(tmp_path).lock():
                raise AssertionError("two hold one folder")


def test_other_commands_find_the_service_while_it_runs(tmp_path):
    folder = RunFolder(tmp_path)
    assert (local_url(tmp_path), local_token(tmp_path)) == (None, None)
    with folder.lock():
        token = folder.token()
        folder.announce("http://127.0.0.1:8888/lab", "http://127.0.0.1:8803")

        assert (local_url(tmp_path), local_token(tmp_path)) == ("http://127.0.0.1:8803", token)
    assert local_url(tmp_path) is None


def test_the_folder_is_free_again_after_a_run(tmp_path):
    with RunFolder(tmp_path).lock():
        RunFolder(tmp_path).announce("http://127.0.0.1:8888/lab", "http://127.0.0.1:8803")

    with RunFolder(tmp_path).lock() as descriptor:
        assert descriptor >= 0
    assert not (tmp_path / "address").exists()


def test_the_folder_of_a_new_run_is_private(tmp_path):
    with RunFolder(tmp_path / "new").lock():
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_notebooks_are_laid_out_and_work_is_never_overwritten(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "a.ipynb").write_text("new")
    (source / "b.ipynb").write_text("new")
    folder = RunFolder(tmp_path / "run")
    folder.notebooks.mkdir(parents=True)
    (folder.notebooks / "a.ipynb").write_text("a student's work")

    folder.lay_out(sorted(source.iterdir()))

    texts = {path.name: path.read_text() for path in folder.notebooks.iterdir()}
    assert texts == {"a.ipynb": "a student's work", "b.ipynb": "new"}
