"""Choosing the Redis of a laptop."""

import stat
from pathlib import Path

import pytest
from nbjudge_course.errors import Unavailable
from nbjudge_grader_service import redis_server
from nbjudge_grader_service.redis_server import RedisProgram, find_program, read_version


def a_server(folder: Path, name: str, answer: str) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{answer}'\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_the_version_is_read_from_what_redis_prints():
    answer = "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=abc"

    assert read_version("/r", answer) == RedisProgram("/r", "redis", (7, 0))


def test_the_version_is_read_from_what_valkey_prints():
    assert read_version("/v", "Valkey server v=9.1.2 sha=0:0") == RedisProgram(
        "/v", "valkey", (9, 1)
    )


def test_another_program_of_that_name_is_no_server():
    assert read_version("/x", "something else 1.2.3") is None


def test_an_installed_server_is_used(tmp_path):
    path = a_server(tmp_path, "redis-server", "Redis server v=6.2.0 sha=0")

    found = find_program({"redis-server": path}.get)

    assert found == RedisProgram(path, "redis", (6, 2))


def test_a_server_that_is_too_old_is_passed_over_for_the_bundled_one(tmp_path):
    path = a_server(tmp_path, "redis-server", "Redis server v=6.0.16 sha=0")

    found = find_program({"redis-server": path}.get)

    assert (found.flavour, found.path != path) == ("valkey", True)


def test_without_any_server_the_advice_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(redis_server, "_bundled", lambda: None)
    path = a_server(tmp_path, "redis-server", "Redis server v=6.0.16 sha=0")

    with pytest.raises(Unavailable, match=r"is 6\.0, and 6\.2 is the oldest"):
        find_program({"redis-server": path}.get)
    with pytest.raises(Unavailable, match="apt-get install redis-server"):
        find_program(lambda _: None)


def test_each_flavour_and_version_keeps_its_files_apart(tmp_path):
    old = redis_server.arguments(
        RedisProgram("/r", "redis", (7, 0)), data=tmp_path, socket=tmp_path / "s"
    )
    new = redis_server.arguments(
        RedisProgram("/v", "valkey", (9, 1)), data=tmp_path, socket=tmp_path / "s"
    )

    assert old[old.index("--dir") + 1] != new[new.index("--dir") + 1]


def test_a_deep_folder_gets_a_short_path_for_the_socket(tmp_path):
    deep = tmp_path / ("x" * 120)

    assert redis_server.socket_folder(Path("/short")) == Path("/short")
    place = redis_server.socket_folder(deep)
    try:
        assert len(str(place / "redis.sock")) < 107
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
    finally:
        place.rmdir()
