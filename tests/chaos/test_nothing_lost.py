"""Every submission that was answered with 202 gets exactly one verdict, whatever is killed."""

import asyncio
import json
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest
from nbjudge_course.problem import Problem, Test
from nbjudge_course.submission import Snapshot, State
from nbjudge_course.wire import Frame, SubmissionFrame
from stand import Stand
from tornado.httpclient import AsyncHTTPClient, HTTPError, HTTPRequest
from tornado.websocket import websocket_connect

HERE = Path(__file__).parent
STUDENTS = 30
EACH = 10
WORKER_KILLS, SERVICE_KILLS, REDIS_KILLS, REDIS_WIPES = 6, 4, 3, 2
SEED = 20260101
PROBLEM = Problem(
    id="one", title="One", tests=(Test(name="is one", source="assert answer() == 1"),)
)
SOURCES = {
    status: f"import time\ntime.sleep(0.05)\n\ndef answer():\n    return {number}\n"
    for status, number in (("accepted", 1), ("wrong_answer", 2))
}


class History:
    """What the students were told."""

    def __init__(self) -> None:
        self.expected: dict[str, str] = {}
        self.accepted: dict[str, str] = {}
        """The token by which each submission was posted."""
        self.shown: dict[str, set[tuple[int, bytes]]] = {}
        """By submission: every different revision and verdict that a websocket showed."""


class Class:
    """Students who submit, and watch, and never give up."""

    def __init__(self, stand: Stand, history: History) -> None:
        self._stand = stand
        self._history = history
        self._client = AsyncHTTPClient(force_instance=True, max_clients=2 * STUDENTS)
        self.random = random.Random(SEED)

    async def submit_all(self, token: str) -> None:
        for _ in range(EACH):
            await asyncio.sleep(self.random.uniform(0.2, 2.5))
            status = self.random.choice(list(SOURCES))
            submission = secrets.token_hex(16)
            self._history.expected[submission] = status
            await self._submit(token, submission, SOURCES[status])
            self._history.accepted[submission] = token

    async def _submit(self, token: str, submission: str, source: str) -> None:
        body = {"id": submission, "problem": "one", "language": "python", "source": source}
        while True:
            try:
                await self._fetch("POST", "/api/submissions", token, json.dumps(body))
                return
            except (HTTPError, OSError) as error:
                assert getattr(error, "code", 599) in {409, 429, 500, 503, 507, 599}, error
                await asyncio.sleep(self.random.uniform(0.1, 0.3))

    async def _fetch(self, method: str, path: str, token: str, body: str | None = None) -> bytes:
        headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
        request = HTTPRequest(
            self._stand.url + path, method, headers, body, request_timeout=5, connect_timeout=5
        )
        return (await self._client.fetch(request)).body

    async def watch(self, token: str) -> None:
        """Keep a websocket open, as a notebook does, and note every verdict."""
        revision = 0
        url = self._stand.url.replace("http", "ws") + "/api/live?revision="
        while True:
            try:
                request = HTTPRequest(
                    url + str(revision), headers={"Authorization": f"token {token}"}
                )
                socket = await websocket_connect(request)
                while (message := await socket.read_message()) is not None:
                    frame = msgspec.json.decode(message, type=Frame)
                    if isinstance(frame, SubmissionFrame):
                        revision = max(revision, frame.submission.revision)
                        self._note(frame.submission)
            except (HTTPError, OSError):
                pass
            await asyncio.sleep(self.random.uniform(0.05, 0.3))

    def _note(self, snapshot: Snapshot) -> None:
        if snapshot.state is State.DONE:
            assert snapshot.verdict is not None
            told = (snapshot.revision, msgspec.json.encode(snapshot.verdict))
            self._history.shown.setdefault(snapshot.id, set()).add(told)

    async def verdicts(self) -> dict[str, str | None]:
        """Ask the service for the verdict of each accepted submission."""
        answers: dict[str, str | None] = {}
        for submission, token in self._history.accepted.items():
            answer = json.loads(await self._fetch("GET", f"/api/submissions/{submission}", token))
            answers[submission] = answer["verdict"] and answer["verdict"]["status"]
        return answers


async def havoc(stand: Stand) -> None:
    """Kill and restart parts in an order that is the same in every run."""
    dice = random.Random(SEED)
    plan = [
        *(["worker"] * WORKER_KILLS),
        *(["service"] * SERVICE_KILLS),
        *(["redis"] * REDIS_KILLS),
        *(["redis wiped"] * REDIS_WIPES),
    ]
    dice.shuffle(plan)
    for word in plan:
        await asyncio.sleep(dice.uniform(0.5, 1.5))
        victims = {"worker": dice.choice(stand.workers), "service": stand.service}
        victim = victims.get(word, stand.redis)
        await asyncio.to_thread(victim.kill)
        if word == "redis wiped":
            stand.forget()
        await asyncio.sleep(dice.uniform(0, 0.3))
        victim.start()


async def lesson(stand: Stand, history: History, *, watched: bool) -> Class:
    """Let the class submit through the havoc."""
    pupils = Class(stand, history)
    tokens = list(stand.tokens.values())
    pupils.watchers = [asyncio.create_task(pupils.watch(token)) for token in tokens if watched]
    await asyncio.gather(havoc(stand), *map(pupils.submit_all, tokens))
    return pupils


async def unfinished(pupils: Class, seconds: float) -> set[str]:
    """Give the chain some time to recover; return what still has no verdict."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            verdicts = await pupils.verdicts()
            missing = {submission for submission, verdict in verdicts.items() if not verdict}
        except (HTTPError, OSError):
            missing = {"the service does not answer"}
        if not missing or time.monotonic() > deadline:
            return missing
        await asyncio.sleep(0.5)


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="nbc") as name:
        yield Path(name)


async def test_every_accepted_submission_gets_exactly_one_verdict(folder: Path) -> None:
    stand = Stand(folder, students=STUDENTS, environment={"NBJUDGE_LEASE_SECONDS": "2"})
    history = History()
    try:
        await asyncio.to_thread(stand.start)
        await asyncio.to_thread(stand.publish, PROBLEM)
        pupils = await lesson(stand, history, watched=True)
        assert len(history.accepted) == STUDENTS * EACH
        assert await unfinished(pupils, 30) == set(), stand.logs()
        verdicts = await pupils.verdicts()
        assert verdicts == history.expected
        await _settle(lambda: history.shown.keys() >= history.expected.keys(), 10)
        assert history.shown.keys() == history.expected.keys()
        assert {submission for submission, told in history.shown.items() if len(told) > 1} == set()
        for watcher in pupils.watchers:
            watcher.cancel()
    finally:
        await asyncio.to_thread(stand.stop)


async def test_the_naive_design_fails_the_same_check(folder: Path) -> None:
    stand = Stand(
        folder,
        students=STUDENTS,
        service=_script("toy_service.py"),
        worker=_script("toy_worker.py"),
    )
    history = History()
    try:
        await asyncio.to_thread(stand.start)
        pupils = await lesson(stand, history, watched=False)
        assert len(history.accepted) == STUDENTS * EACH
        assert await unfinished(pupils, 10) != set()
    finally:
        await asyncio.to_thread(stand.stop)


def _script(name: str) -> Sequence[str]:
    return (sys.executable, str(HERE / name))


async def _settle(condition, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        await asyncio.sleep(0.1)
