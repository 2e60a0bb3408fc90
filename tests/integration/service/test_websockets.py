"""Live connections of a class at one real process: what they hold, and that they miss nothing."""

import asyncio
import json
import socket
from contextlib import closing

import pytest
from audience import Audience, OpenNotebook, allow_many_files, grade_all, held_bytes
from nbjudge_course.problem import Problem, Test
from nbjudge_course.verdict import Status, Verdict
from nbjudge_course.wire import JOBS
from stand import SERVICE, Stand

PROBLEM = Problem(id="double", title="Twice", tests=(Test(name="one", source="assert True"),))
ACCEPTED = Verdict(status=Status.ACCEPTED, cause=Status.ACCEPTED, points=1.0, max_points=1.0)
WORDY = Verdict(
    status=Status.ACCEPTED, cause=Status.ACCEPTED, points=1.0, max_points=1.0, output="x" * 60_000
)
CLASS = 1000
MIB = 1024 * 1024
PATIENCE_SECONDS = 90
"""Of a machine that others use as well; what is promised is measured by benchmarks/websockets.py."""


FEW_FILES = ("sh", "-c", 'ulimit -S -n 256; exec "$@"', "service")
"""The service may have so many files open at first, as on many a machine."""


@pytest.fixture
def stand(tmp_path_factory):
    """Redis and a service, and no worker but the test."""
    stand = Stand(
        tmp_path_factory.mktemp("w"),
        students=CLASS,
        workers=0,
        service=(*FEW_FILES, *SERVICE),
        environment={"NBJUDGE_BURST": "1000", "NBJUDGE_WINDOW": "1000"},
    )
    try:
        stand.start()
        stand.publish(PROBLEM)
        allow_many_files()
        yield stand
    finally:
        stand.stop()


async def test_a_thousand_idle_ones_take_at_most_forty_mebibytes(stand):
    tokens = list(stand.tokens.values())
    async with Audience(stand.port, tokens[:1]):
        before = held_bytes(stand.service.pid)
    async with Audience(stand.port, tokens):
        assert held_bytes(stand.service.pid) - before <= 40 * MIB


async def test_a_thousand_that_are_cut_off_all_come_back_and_miss_no_verdict(stand):
    """The service is killed with -9, and the verdicts come while nobody is connected."""
    async with Audience(stand.port, stand.tokens.values()) as audience:
        await audience.submit(PROBLEM.id)
        await queued(stand, CLASS)
        stand.service.kill()
        assert grade_all(stand.redis_client, ACCEPTED) == CLASS
        stand.service.start()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await audience.whole()
            await audience.online()
        told = [one.verdicts for one in audience.notebooks]
        assert [set(verdicts) for verdicts in told] == [one.submitted for one in audience.notebooks]


async def test_a_reader_that_stalls_is_dropped_and_has_everything_when_it_comes_back(stand):
    token = stand.tokens["student0"]
    with closing(stalled(stand.port, token)) as connection:
        async with Audience(stand.port, [token]) as audience:
            (reader,) = audience.notebooks
            for _ in range(200):
                if dropped(stand):
                    break
                await reader.submit(PROBLEM.id)
                await queued(stand, 1)
                grade_all(stand.redis_client, WORDY)
            assert dropped(stand) == 1
            async with asyncio.timeout(PATIENCE_SECONDS):
                await audience.whole()
        assert ended(connection)
    back = OpenNotebook(stand.port, token)
    back.submitted = reader.submitted
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while back.submitted - back.verdicts.keys():
                await asyncio.sleep(0.05)
    finally:
        await back.close()
    assert set(back.verdicts.values()) == {1}


async def queued(stand, count):
    async with asyncio.timeout(PATIENCE_SECONDS):
        while stand.redis_client.xlen(JOBS) < count:
            await asyncio.sleep(0.02)


def stalled(port, token):
    """Connect as a student whose machine has gone to sleep: it reads nothing at all."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", port))
    connection.sendall(
        b"GET /api/live?revision=0 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        b"Authorization: token " + token.encode() + b"\r\n\r\n"
    )
    return connection


def ended(connection):
    """Read what is left, up to the end of the connection."""
    connection.settimeout(PATIENCE_SECONDS)
    try:
        while connection.recv(1 << 20):
            pass
    except ConnectionResetError:
        pass
    return True


def dropped(stand):
    """Return how many connections the service has cut because their reader stalled."""
    text = stand.request("GET", "/metrics", stand.instructor).decode()
    (line,) = (
        line for line in text.splitlines() if line.startswith("nbjudge_websocket_dropped_total")
    )
    return int(float(json.loads(line.split()[1])))
