"""A worker that a submission with the word `poison` kills, until the file `remedy` is there.

The real loop and the real queue; what it grades otherwise obeys the source, see FakeGrader.
"""

import os
import secrets
import signal
import sys
import tempfile
from pathlib import Path

from nbjudge_worker.fake_grader import FakeGrader
from nbjudge_worker.lease import Keeper
from nbjudge_worker.loop import Loop
from nbjudge_worker.problems import Problems
from nbjudge_worker.queue import RedisQueue

FOLDER = Path(tempfile.gettempdir())
LEASE_SECONDS = 1.0


class Fragile(FakeGrader):
    """Dies of poison, in the middle of grading."""

    def grade(self, problem, source, language, **callbacks):
        if "poison" in source and not (FOLDER / "remedy").exists():
            with (FOLDER / "deaths").open("a") as deaths:
                deaths.write(f"{os.getpid()}\n")
            os.kill(os.getpid(), signal.SIGKILL)
        return super().grade(problem, source, language, **callbacks)


def main():
    name = secrets.token_hex(4)
    queue = RedisQueue(os.environ["NBJUDGE_REDIS_URL"], worker=name, lease_seconds=LEASE_SECONDS)
    keeper = Keeper(queue, worker=name, sandbox="none", lease_seconds=LEASE_SECONDS)
    loop = Loop(queue, Fragile(), Problems(queue), keeper)
    signal.signal(signal.SIGTERM, lambda *_: loop.stop())
    with keeper:
        loop.run()
    queue.close()


if __name__ == "__main__":
    sys.exit(main())
