"""The worker of the naive design: BRPOP, grade, PUBLISH."""

import json
import os
import time
from contextlib import suppress

import redis
from redis.exceptions import RedisError


def main():
    client = redis.Redis.from_url(os.environ["NBJUDGE_REDIS_URL"])
    while True:
        with suppress(RedisError):
            client.set(f"{{nbjudge}}:worker:{os.getpid()}", "{}", ex=10)
            popped = client.brpop("toy:jobs", timeout=1)
            if popped:
                new = json.loads(popped[1])
                time.sleep(0.05)
                status = "accepted" if "return 1\n" in new["source"] else "wrong_answer"
                client.publish("toy:verdicts", json.dumps({"id": new["id"], "status": status}))
                continue
        time.sleep(0.02)


if __name__ == "__main__":
    main()
