"""The negative control, service half: a list and a channel in Redis, as many a grader has it.

It keeps submissions in the same database and speaks the same API, so that the same crowd, nemesis
and checker are used on it. It has no lease, no reconciler, and no replay.
"""

import asyncio
import json
import os
import sys
import time
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

import msgspec
from nbjudge_course.errors import NbjudgeError
from nbjudge_course.problem import Problem
from nbjudge_course.submission import NewSubmission, Submission
from nbjudge_course.wire import Result, SubmissionFrame, decode, decode_json, encode, encode_json
from nbjudge_grader_service.store import SqlStore
from redis.asyncio import Redis
from redis.exceptions import RedisError
from tornado import web, websocket

JOBS, RESULTS = "naive:jobs", "naive:results"


class Publication(msgspec.Struct):
    problem: Problem


class Naive:
    """What the handlers share."""

    def __init__(self):
        self.store = SqlStore.open(os.environ["NBJUDGE_DATABASE_URL"])
        self.redis = Redis.from_url(os.environ["NBJUDGE_REDIS_URL"], protocol=2)
        people = json.loads(Path(os.environ["NBJUDGE_TOKENS"]).read_text())
        self.names = {token: person["name"] for token, person in people.items()}
        self.live = defaultdict(set)

    def name(self, handler):
        return self.names[handler.request.headers["Authorization"].split()[1]]

    async def receive(self):
        """Record what workers publish, and tell the student. What nobody hears is gone."""
        while True:
            with suppress(RedisError, OSError, NbjudgeError):
                async with self.redis.pubsub() as subscription:
                    await subscription.subscribe(RESULTS)
                    async for message in subscription.listen():
                        if message["type"] == "message":
                            await self.record(decode(message["data"], Result))
            await asyncio.sleep(0.1)

    async def record(self, result):
        recorded = await self.store.record([result])
        for event in recorded.events:
            snapshot = await self.store.snapshot(event.student, result.submission)
            for live in list(self.live[event.student]):
                with suppress(websocket.WebSocketClosedError):
                    live.write_message(encode_json(SubmissionFrame(submission=snapshot)))


class Submissions(web.RequestHandler):
    async def post(self):
        naive, student = self.settings["naive"], self.settings["naive"].name(self)
        new = decode_json(self.request.body, NewSubmission)
        statement = await naive.store.statement(new.problem)
        if statement is None or new.language != "python" or len(new.source) > 65536:
            raise web.HTTPError(422)
        submission = Submission(
            id=new.id, student=student, problem=new.problem, version=statement.version,
            language=new.language, source=new.source, submitted_at=time.time(),
        )  # fmt: skip
        try:
            accepted = await naive.store.accept(submission)
            if accepted.new:
                await naive.redis.lpush(JOBS, encode(submission))
        except (NbjudgeError, RedisError, OSError) as error:
            raise web.HTTPError(503) from error
        self.set_status(202 if accepted.new else 200)


class Problems(web.RequestHandler):
    async def put(self, _):
        naive = self.settings["naive"]
        problem = msgspec.json.decode(self.request.body, type=Publication).problem
        await naive.store.publish(problem)


class Live(websocket.WebSocketHandler):
    def open(self):
        self.student = self.settings["naive"].name(self)
        self.settings["naive"].live[self.student].add(self)

    def on_close(self):
        self.settings["naive"].live[self.student].discard(self)


class Standings(web.RequestHandler):
    async def get(self):
        naive = self.settings["naive"]
        self.finish(encode_json({"standings": await naive.store.standings(naive.name(self))}))


class Health(web.RequestHandler):
    async def get(self):
        self.finish("{}")


async def main():
    naive = Naive()
    routes = [
        ("/api/submissions", Submissions),
        ("/api/problems/(.*)", Problems),
        ("/api/live", Live),
        ("/api/standings", Standings),
        ("/healthz", Health),
    ]
    web.Application(routes, naive=naive).listen(
        int(os.environ["NBJUDGE_SERVICE_PORT"]), "127.0.0.1"
    )
    await naive.receive()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
