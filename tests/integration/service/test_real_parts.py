"""The service as a process, on SQLite and a real Redis: its own description of itself is true."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from nbjudge_grader_service.openapi import document
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
TOKEN = "a-token"
HEADERS = {"Authorization": f"token {TOKEN}"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            assert process.poll() is None, "the service has ended"
            assert time.monotonic() < deadline, "the service did not start"
            time.sleep(0.05)


@pytest.fixture(scope="module")
def service_url(tmp_path_factory: pytest.TempPathFactory):
    folder: Path = tmp_path_factory.mktemp("service")
    port = free_port()
    tokens = {TOKEN: {"name": "grace", "instructor": True}}
    (folder / "tokens.json").write_text(json.dumps(tokens), "utf-8")
    redis_program = shutil.which("redis-server")
    assert redis_program is not None
    redis = subprocess.Popen(
        [redis_program, "--port", "0", "--unixsocket", str(folder / "r"), "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    service = subprocess.Popen(
        [sys.executable, "-m", "nbjudge_grader_service"],
        env={
            **os.environ,
            "NBJUDGE_REDIS_URL": f"unix://{folder / 'r'}",
            "NBJUDGE_DATABASE_URL": f"sqlite:///{folder / 'nbjudge.db'}",
            "NBJUDGE_SERVICE_PORT": str(port),
            "NBJUDGE_TOKENS": str(folder / "tokens.json"),
            "NBJUDGE_RATE_PER_MINUTE": "100000",
            "NBJUDGE_BURST": "100000",
        },
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{url}/healthz", service)
        yield url
    finally:
        service.terminate()
        assert service.wait(20) == 0
        redis.terminate()
        redis.wait(20)


@pytest.fixture(scope="module")
def api(service_url: str):
    return schemathesis.openapi.from_url(f"{service_url}/api/openapi.json")


OPERATIONS = [
    (method.upper(), path)
    for path, item in document()["paths"].items()
    for method in item
    if method != "parameters"
]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_answer_is_as_described(api, method: str, path: str) -> None:
    @given(case=api[path][method].as_strategy())
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def answers(case) -> None:
        case.call_and_validate(headers=HEADERS, checks=CHECKS)

    answers()
