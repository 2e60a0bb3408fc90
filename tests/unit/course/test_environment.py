"""Settings may stand in the environment, or in files that it names."""

import msgspec
import pytest
from nbjudge_course.environment import setting
from nbjudge_grader_service.settings import Settings as ServiceSettings
from nbjudge_worker.settings import Settings as WorkerSettings


def test_a_setting_is_the_variable():
    assert setting({"NAME": "value"}, "NAME") == "value"
    assert setting({}, "NAME") is None


def test_a_setting_is_what_the_named_file_holds_without_its_last_line_break(tmp_path):
    (tmp_path / "secret").write_text("value\n")

    assert setting({"NAME_FILE": str(tmp_path / "secret")}, "NAME") == "value"


def test_an_empty_name_of_a_file_names_none():
    assert setting({"NAME_FILE": "", "NAME": "value"}, "NAME") == "value"


def test_both_at_once_are_refused_and_the_secret_is_not_told(tmp_path):
    (tmp_path / "secret").write_text("hush")
    both = {"NAME": "hush", "NAME_FILE": str(tmp_path / "secret")}

    with pytest.raises(msgspec.ValidationError, match="both NAME and NAME_FILE") as raised:
        setting(both, "NAME")
    assert "hush" not in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(msgspec.ValidationError, match=r"NAME_FILE.*no-such-file"):
        setting({"NAME_FILE": str(tmp_path / "no-such-file")}, "NAME")


@pytest.mark.parametrize("settings", [ServiceSettings, WorkerSettings])
def test_service_and_worker_read_them(settings, tmp_path):
    (tmp_path / "redis").write_text("redis://:hush@127.0.0.1/0\n")

    read = settings.from_environment({"NBJUDGE_REDIS_URL_FILE": str(tmp_path / "redis")})

    assert read.redis_url == "redis://:hush@127.0.0.1/0"
