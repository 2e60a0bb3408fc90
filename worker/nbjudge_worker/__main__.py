"""A worker as a process: `python -m nbjudge_worker`. Only here are the real parts put together."""

import logging
import signal
import sys
from contextlib import suppress

import msgspec
from nbjudge_course.errors import Unavailable
from nbjudge_course.parent import die_with_parent

from nbjudge_worker.grade import SandboxedGrader
from nbjudge_worker.lease import Keeper
from nbjudge_worker.loop import Loop
from nbjudge_worker.problems import Problems
from nbjudge_worker.queue import RedisQueue
from nbjudge_worker.sandbox.engines import open_sandbox
from nbjudge_worker.settings import Settings

logger = logging.getLogger(__name__)


def main() -> int:
    """Work until SIGTERM or SIGINT, then finish the running job."""
    try:
        settings = Settings.from_environment()
    except msgspec.ValidationError as error:
        sys.stderr.write(f"nbjudge: a setting is wrong: {error}\n")
        return 2
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    if settings.die_with_parent:
        die_with_parent(settings.die_with_parent)
    sandbox = open_sandbox(settings.sandbox)
    queue = RedisQueue(
        settings.redis_url, worker=settings.name, lease_seconds=settings.lease_seconds
    )
    keeper = Keeper(
        queue,
        worker=settings.name,
        sandbox=sandbox.name,
        lease_seconds=settings.lease_seconds,
    )
    grader = SandboxedGrader(sandbox)
    loop = Loop(queue, grader, Problems(queue), keeper, rest=grader.rest)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: loop.stop())
    logger.info("Worker %s grades in the sandbox %s", settings.name, sandbox.name)
    try:
        with keeper:
            loop.run()
        with suppress(Unavailable):
            queue.leave()
    finally:
        queue.close()
        sandbox.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
