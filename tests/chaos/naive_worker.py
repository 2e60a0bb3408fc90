"""The negative control, worker half: pop a job, grade it in the real sandbox, publish the verdict."""

import os
import secrets
import signal
import sys
import time

import coursework
from naive_service import JOBS, RESULTS
from nbjudge_course.submission import Submission
from nbjudge_course.wire import Result, decode, encode
from nbjudge_worker.grade import open_grader
from redis import Redis
from redis.exceptions import RedisError


def main():
    name = secrets.token_hex(4)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    client = Redis.from_url(os.environ["NBJUDGE_REDIS_URL"], protocol=2)
    with open_grader() as grader:
        while True:
            try:
                client.set(f"{{nbjudge}}:worker:{name}", 1, ex=10)
                popped = client.brpop(JOBS, timeout=1)
                if popped:
                    work(client, name, grader, decode(popped[1], Submission))
            except (RedisError, OSError):
                time.sleep(0.1)


def work(client, name, grader, submission):
    verdict = grader.grade(coursework.PROBLEM, submission.source, submission.language)
    result = Result(submission=submission.id, attempt=1, worker=name, verdict=verdict)
    client.publish(RESULTS, encode(result))


if __name__ == "__main__":
    main()
