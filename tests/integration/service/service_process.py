"""The service over real HTTP and websockets, on stores and queues in memory."""

import json
import uuid
from contextlib import asynccontextmanager

from nbjudge_course.problem import Problem, Test
from nbjudge_course.verdict import Status, TestResult, Verdict
from nbjudge_course.wire import Result, encode_json
from nbjudge_grader_service.app import new_application, new_service, running
from nbjudge_grader_service.identity import Account
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.websocket import websocket_connect

TOKENS = {
    "ada-token": Account("ada"),
    "bob-token": Account("bob"),
    "teacher-token": Account("grace", instructor=True),
}


class Tokens:
    async def account(self, token):
        return TOKENS.get(token)


class Client:
    """One process of the service, and what a student's machine would send to it."""

    def __init__(self, service, port):
        self.service, self.port = service, port
        self.connections = []

    async def request(self, method, path, body=None, token="ada-token"):
        headers = {"Authorization": f"token {token}"} if token else {}
        answer = await AsyncHTTPClient().fetch(
            HTTPRequest(
                f"http://127.0.0.1:{self.port}{path}",
                method=method,
                headers=headers,
                body=body if isinstance(body, bytes | None) else json.dumps(body).encode(),
                allow_nonstandard_methods=True,
            ),
            raise_error=False,
        )
        return answer.code, json.loads(answer.body)

    async def publish(self, problem, **times):
        body = encode_json({"problem": problem, **times})
        return await self.request("PUT", f"/api/problems/{problem.id}", body, "teacher-token")

    async def submit(self, source="def f(): return 1", token="ada-token", **fields):
        new = {"id": uuid.uuid4().hex, "problem": "double", "source": source, **fields}
        return await self.request("POST", "/api/submissions", new, token)

    async def connect(self, revision=0, token="ada-token"):
        url = f"ws://127.0.0.1:{self.port}/api/live?revision={revision}"
        request = HTTPRequest(url, headers={"Authorization": f"token {token}"})
        live = await websocket_connect(request)
        self.connections.append(live)
        return live


def problem(title="Twice", **fields):
    tests = (Test(name="one", source="assert double(1) == 2"),)
    return Problem(id="double", title=title, tests=tests, **fields)


def result_of(job, status=Status.ACCEPTED):
    points = 1.0 if status is Status.ACCEPTED else 0.0
    test = TestResult(name="one", status=status, points=points, max_points=1.0)
    verdict = Verdict(status=status, cause=status, points=points, max_points=1.0, tests=(test,))
    return Result(submission=job.submission.id, attempt=job.attempt, worker="w", verdict=verdict)


async def frame(live, kind="submission", state=None):
    """Return the next frame of this kind, and of this state."""
    while True:
        text = await live.read_message()
        assert text is not None, "the connection was closed"
        message = json.loads(text)
        if message["type"] == kind and state in (None, message.get("submission", {}).get("state")):
            return message


@asynccontextmanager
async def process(store, queue, **options):
    """One process of the service."""
    service = new_service(store, queue, Tokens(), **options)
    socket, port = bind_unused_port()
    server = HTTPServer(new_application(service), max_body_size=10 * 1024 * 1024)
    server.add_socket(socket)
    async with running(service):
        client = Client(service, port)
        yield client
        server.stop()
        for live in client.connections:
            live.close()
        while client.connections:
            if await client.connections[-1].read_message() is None:
                client.connections.pop()
    await server.close_all_connections()
