"""The settings of a worker."""

import msgspec
import pytest
from nbjudge_worker.settings import Settings


def test_an_empty_environment_gives_defaults_and_a_name_of_its_own() -> None:
    one, other = Settings.from_environment({}), Settings.from_environment({})
    assert one.redis_url == "redis://127.0.0.1:6379/0"
    assert (one.sandbox, one.lease_seconds, one.die_with_parent) == ("auto", 10.0, 0)
    assert one.name != other.name


def test_the_environment_is_read() -> None:
    settings = Settings.from_environment(
        {
            "NBJUDGE_REDIS_URL": "unix:///r.sock",
            "NBJUDGE_SANDBOX": "none",
            "NBJUDGE_WORKER_NAME": "ada",
            "NBJUDGE_LEASE_SECONDS": "2.5",
            "NBJUDGE_DIE_WITH_PARENT": "17",
        }
    )
    assert settings == Settings(
        redis_url="unix:///r.sock",
        sandbox="none",
        name="ada",
        lease_seconds=2.5,
        die_with_parent=17,
    )


def test_what_is_no_number_is_refused_by_name() -> None:
    with pytest.raises(msgspec.ValidationError, match="lease_seconds"):
        Settings.from_environment({"NBJUDGE_LEASE_SECONDS": "soon"})
