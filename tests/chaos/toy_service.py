"""The naive design, for comparison: LPUSH to a list, hear the verdict by PUBLISH.

It keeps its submissions in a database and does everything right but the queue.
"""

import asyncio
import json
import os
import sqlite3
from contextlib import suppress

import tornado.web
from redis.asyncio import Redis
from redis.exceptions import RedisError

DATABASE = sqlite3.connect(
    os.environ["NBJUDGE_DATABASE_URL"].removeprefix("sqlite:///"), isolation_level=None
)
DATABASE.execute("CREATE TABLE IF NOT EXISTS toy (id PRIMARY KEY, source, verdict)")


class Health(tornado.web.RequestHandler):
    def get(self):
        self.finish({})


class Problems(tornado.web.RequestHandler):
    def put(self, problem):
        self.finish({"version": "v"})


class Submissions(tornado.web.RequestHandler):
    async def post(self):
        new = json.loads(self.request.body)
        DATABASE.execute("INSERT INTO toy VALUES (?, ?, NULL)", (new["id"], new["source"]))
        await self.application.settings["redis"].lpush("toy:jobs", json.dumps(new))
        self.set_status(202)
        self.finish({})


class One(tornado.web.RequestHandler):
    def get(self, submission):
        row = DATABASE.execute("SELECT verdict FROM toy WHERE id = ?", (submission,)).fetchone()
        if row is None:
            raise tornado.web.HTTPError(404)
        self.finish({"verdict": row[0] and {"status": row[0]}})


async def record(redis):
    while True:
        with suppress(RedisError):
            async with redis.pubsub() as subscription:
                await subscription.subscribe("toy:verdicts")
                while True:
                    message = await subscription.get_message(timeout=1)
                    if message and message["type"] == "message":
                        verdict = json.loads(message["data"])
                        DATABASE.execute(
                            "UPDATE toy SET verdict = ? WHERE id = ?",
                            (verdict["status"], verdict["id"]),
                        )
        await asyncio.sleep(0.05)


async def main():
    redis = Redis.from_url(os.environ["NBJUDGE_REDIS_URL"])
    routes = [
        ("/healthz", Health),
        ("/api/problems/(.*)", Problems),
        ("/api/submissions", Submissions),
        ("/api/submissions/(.*)", One),
    ]
    application = tornado.web.Application(routes, redis=redis)
    application.listen(int(os.environ["NBJUDGE_SERVICE_PORT"]), "127.0.0.1")
    await record(redis)


if __name__ == "__main__":
    asyncio.run(main())
