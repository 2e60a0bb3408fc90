"""Processes on SQLite and a real Redis that are stopped and killed: nothing accepted is lost."""

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from contextlib import ExitStack, contextmanager

import pytest
import redis
from nbjudge_course.problem import Problem, Test
from nbjudge_course.verdict import Status, Verdict
from nbjudge_course.wire import JOBS, RESULTS, Job, Result, decode, encode, encode_json
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

PROBLEM = Problem(id="double", title="Twice", tests=(Test(name="one", source="assert True"),))
ACCEPTED = Verdict(status=Status.ACCEPTED, cause=Status.ACCEPTED, points=1.0, max_points=1.0)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Class:
    """A database, a Redis, and as many processes of the service as a test starts."""

    def __init__(self, folder):
        self.folder = folder
        self.redis_url = f"unix://{folder / 'r'}"
        self.redis = redis.Redis.from_url(self.redis_url, protocol=2)
        tokens = {"a": {"name": "ada"}, "g": {"name": "grace", "instructor": True}}
        (folder / "tokens.json").write_text(json.dumps(tokens))

    @contextmanager
    def running_redis(self):
        program = shutil.which("redis-server")
        assert program is not None, "install redis-server"
        command = [program, "--port", "0", "--unixsocket", str(self.folder / "r")]
        command += ["--dir", str(self.folder), "--save", ""]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            yield
        finally:
            process.kill()
            process.wait()
            self.redis.close()

    @contextmanager
    def service(self):
        """Run one process and give it with its port."""
        port = free_port()
        variables = {
            "NBJUDGE_REDIS_URL": self.redis_url,
            "NBJUDGE_DATABASE_URL": f"sqlite:///{self.folder / 'nbjudge.db'}",
            "NBJUDGE_SERVICE_PORT": str(port),
            "NBJUDGE_TOKENS": str(self.folder / "tokens.json"),
        }
        command = [sys.executable, "-m", "nbjudge_grader_service"]
        process = subprocess.Popen(command, env={**os.environ, **variables})
        try:
            yield process, port
        finally:
            process.kill()
            process.wait()

    def take(self) -> Job:
        """Take the oldest job out of the queue, as a worker would."""
        deadline = time.monotonic() + 20
        while not (entries := self.redis.xrange(JOBS, count=1)):
            assert time.monotonic() < deadline, "no job came to the queue"
            time.sleep(0.02)
        ((entry, fields),) = entries
        self.redis.xdel(JOBS, entry)
        return decode(fields[b"job"], Job)

    def report(self, job: Job) -> None:
        result = Result(
            submission=job.submission.id, attempt=job.attempt, worker="w", verdict=ACCEPTED
        )
        self.redis.xadd(RESULTS, {"id": result.submission, "result": encode(result)})


@pytest.fixture
def room(tmp_path_factory):
    with ExitStack() as stack:
        one = Class(tmp_path_factory.mktemp("c"))
        stack.enter_context(one.running_redis())
        yield one


async def ask(port, method, path, body=None, token="a"):
    answer = await AsyncHTTPClient().fetch(
        f"http://127.0.0.1:{port}{path}",
        method=method,
        headers={"Authorization": f"token {token}"},
        body=body,
        allow_nonstandard_methods=True,
        raise_error=False,
    )
    return answer.code, json.loads(answer.body or b"null")


async def ready(port):
    deadline = time.monotonic() + 60
    while True:
        try:
            if (await ask(port, "GET", "/healthz"))[0] == 200:
                return
        except OSError:
            pass
        assert time.monotonic() < deadline, "the service did not start"
        await asyncio.sleep(0.05)


async def publish(port, title="Twice"):
    other = {"id": "double", "title": title, "tests": PROBLEM.tests}
    return await ask(port, "PUT", "/api/problems/double", encode_json({"problem": other}), "g")


async def submit(port):
    new = {"id": uuid.uuid4().hex, "problem": "double", "source": "pass"}
    status, snapshot = await ask(port, "POST", "/api/submissions", json.dumps(new))
    assert status == 202
    return snapshot


@pytest.fixture
async def connect():
    """Give a way to connect as ada."""
    connections = []

    async def one(port, revision=0):
        url = f"ws://127.0.0.1:{port}/api/live?revision={revision}"
        request = HTTPRequest(url, headers={"Authorization": "token a"})
        connections.append(await websocket_connect(request))
        return connections[-1]

    yield one
    for live in connections:
        live.close()


async def done(live):
    while True:
        text = await asyncio.wait_for(live.read_message(), timeout=20)
        assert text is not None
        message = json.loads(text)
        if message["type"] == "submission" and message["submission"]["state"] == "done":
            return message["submission"]


async def test_the_whole_path_over_a_real_redis_and_database(room, connect):
    with room.service() as (_, port):
        await ready(port)
        await publish(port)
        live = await connect(port)
        accepted = await submit(port)
        room.report(await asyncio.to_thread(room.take))
        assert (await done(live))["id"] == accepted["id"]


async def test_sigterm_says_good_bye_and_ends_well(room, connect):
    with room.service() as (process, port):
        await ready(port)
        live = await connect(port)
        assert json.loads(await live.read_message())["type"] == "hello"
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(live.read_message(), timeout=20) is None
        assert live.close_code == 1001
        assert await asyncio.to_thread(process.wait, 20) == 0


async def test_what_was_accepted_survives_the_kill_of_the_service_and_the_loss_of_redis(
    room, connect
):
    with room.service() as (process, port):
        await ready(port)
        await publish(port)
        accepted = [await submit(port) for _ in range(6)]
        process.kill()
        process.wait()
    room.redis.flushall()
    with room.service() as (_, port):
        await ready(port)
        live = await connect(port, accepted[-1]["revision"])
        order = []
        for _ in accepted:
            job = await asyncio.to_thread(room.take)
            order.append(job.submission.id)
            room.report(job)
        seen = {(await done(live))["id"] for _ in accepted}
    assert order == [one["id"] for one in accepted]
    assert seen == set(order)


async def test_a_result_that_came_while_nobody_was_there_is_recorded(room, connect):
    with room.service() as (process, port):
        await ready(port)
        await publish(port)
        accepted = await submit(port)
        job = await asyncio.to_thread(room.take)
        process.kill()
        process.wait()
    room.report(job)
    with room.service() as (_, port):
        await ready(port)
        live = await connect(port, accepted["revision"])
        assert (await done(live))["id"] == accepted["id"]


async def test_two_processes_agree_on_what_is_live(room):
    with room.service() as (_, one), room.service() as (_, two):
        await ready(one)
        await ready(two)
        await publish(one)
        for title in ("First", "Second", "First", "Third"):
            assert (await ask(two, "GET", "/api/problems/double"))[0] == 200
            assert (await publish(one, title))[0] == 200
            for port in (two, one):
                answer = await ask(port, "GET", "/api/problems/double")
                assert answer[1]["title"] == title


async def test_a_wrong_setting_is_named_at_the_start(tmp_path):
    command = [sys.executable, "-m", "nbjudge_grader_service"]
    environment = {**os.environ, "NBJUDGE_WINDOW": "none"}
    ended = subprocess.run(command, env=environment, capture_output=True, check=False, cwd=tmp_path)
    assert ended.returncode == 2
    assert b"window" in ended.stderr
