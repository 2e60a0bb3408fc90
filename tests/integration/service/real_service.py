"""A database, a Redis, and processes of the service that can be stopped and killed."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import uuid
from contextlib import contextmanager

import redis
from nbjudge_course.problem import Problem, Test
from nbjudge_course.verdict import Status, Verdict
from nbjudge_course.wire import JOBS, RESULTS, Job, Result, decode, encode, encode_json
from nbjudge_worker.fake_grader import FakeGrader
from nbjudge_worker.lease import Keeper
from nbjudge_worker.loop import Loop
from nbjudge_worker.problems import Problems
from nbjudge_worker.queue import RedisQueue as WorkerQueue
from tornado.httpclient import AsyncHTTPClient

PROBLEM = Problem(id="double", title="Twice", tests=(Test(name="one", source="assert True"),))
ACCEPTED = Verdict(status=Status.ACCEPTED, cause=Status.ACCEPTED, points=1.0, max_points=1.0)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Class:
    """A database, a Redis, and as many processes of the service as a test starts."""

    def __init__(self, folder, database_url=None):
        self.folder = folder
        self.database_url = database_url or f"sqlite:///{folder / 'nbjudge.db'}"
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
    def service(self, **settings):
        """Run one process, with these settings as well, and give it with its port."""
        port = free_port()
        variables = {
            "NBJUDGE_REDIS_URL": self.redis_url,
            "NBJUDGE_DATABASE_URL": self.database_url,
            "NBJUDGE_SERVICE_PORT": str(port),
            "NBJUDGE_TOKENS": str(self.folder / "tokens.json"),
        }
        command = [sys.executable, "-m", "nbjudge_grader_service"]
        process = subprocess.Popen(command, env={**os.environ, **variables, **settings})
        try:
            yield process, port
        finally:
            process.kill()
            process.wait()

    @contextmanager
    def workers(self, count):
        """Run so many workers that obey the source of a submission, see FakeGrader."""
        loops, threads = [], []
        for number in range(count):
            name = f"worker-{number}"
            queue = WorkerQueue(self.redis_url, worker=name)
            keeper = Keeper(queue, worker=name, sandbox="none", lease_seconds=10.0)
            loop = Loop(queue, FakeGrader(), Problems(queue), keeper, block_seconds=0.1)
            loops.append(loop)
            threads.append(threading.Thread(target=_work, args=(loop, keeper, queue)))
            threads[-1].start()
        try:
            yield
        finally:
            for loop in loops:
                loop.stop()
            for thread in threads:
                thread.join()

    def take(self) -> Job:
        """Take the oldest job out of the queue, as a worker would."""
        deadline = time.monotonic() + 20
        while not (entries := self.redis.xrange(JOBS, count=1)):
            assert time.monotonic() < deadline, "no job came to the queue"
            time.sleep(0.02)
        ((entry, fields),) = entries
        self.redis.xdel(JOBS, entry)
        return decode(fields[b"job"], Job)

    def report(self, job: Job, client=None) -> None:
        result = Result(
            submission=job.submission.id, attempt=job.attempt, worker="w", verdict=ACCEPTED
        )
        (client or self.redis).xadd(RESULTS, {"id": result.submission, "result": encode(result)})


def _work(loop, keeper, queue):
    with keeper:
        loop.run()
    queue.close()


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


async def submit(port, source="pass", token="a"):
    new = {"id": uuid.uuid4().hex, "problem": "double", "source": source}
    status, snapshot = await ask(port, "POST", "/api/submissions", json.dumps(new), token)
    assert status == 202
    return snapshot


async def done(live):
    while True:
        text = await asyncio.wait_for(live.read_message(), timeout=20)
        assert text is not None
        message = json.loads(text)
        if message["type"] == "submission" and message["submission"]["state"] == "done":
            return message["submission"]
