"""One worker's loop with a queue in memory and a grader that obeys the source."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from nbjudge_course.problem import Problem, Test
from nbjudge_course.submission import Submission
from nbjudge_course.wire import Job, Result
from nbjudge_worker.fake_grader import FakeGrader
from nbjudge_worker.lease import Keeper
from nbjudge_worker.loop import Loop
from nbjudge_worker.problems import Problems
from nbjudge_worker.queue import FakeQueue
from nbjudge_worker.queue.fake import FakeBroker

LEASE_SECONDS = 0.3
PROBLEM = Problem(id="p", title="P", tests=(Test(name="t", source="assert True", points=3),))


class Works:
    """Workers in threads around one broker."""

    def __init__(self) -> None:
        self.broker = FakeBroker()
        self.broker.problems[PROBLEM.digest] = PROBLEM
        self._running: list[tuple[Loop, threading.Thread]] = []

    def start(self, name: str = "ada", *, queue: FakeQueue | None = None, patience=0.2) -> Loop:
        queue = queue or FakeQueue(self.broker, worker=name, lease_seconds=LEASE_SECONDS)
        keeper = Keeper(queue, worker=name, sandbox="none", lease_seconds=LEASE_SECONDS)
        problems = Problems(queue, patience_seconds=patience)
        loop = Loop(
            queue,
            FakeGrader(),
            problems,
            keeper,
            block_seconds=0.05,
            release_pause_seconds=0.02,
        )

        def run() -> None:
            with keeper:
                loop.run()

        thread = threading.Thread(target=run)
        thread.start()
        self._running.append((loop, thread))
        return loop

    def put(self, number: int, source: str = "", version: str = PROBLEM.digest) -> str:
        submission = Submission(
            id=f"{number:032x}",
            student="ada",
            problem="p",
            version=version,
            language="python",
            source=source,
            submitted_at=0.0,
        )
        self.broker.put(Job(submission=submission, attempt=1))
        return submission.id

    def result(self, submission: str) -> Result:
        self.wait(lambda: any(r.submission == submission for r in self.broker.results))
        (result,) = [r for r in self.broker.results if r.submission == submission]
        return result

    def wait(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < deadline, "it never came true"
            time.sleep(0.005)

    def stop(self) -> None:
        for loop, _ in self._running:
            loop.stop()
        for _, thread in self._running:
            thread.join()


@pytest.fixture
def works() -> Iterator[Works]:
    works = Works()
    yield works
    works.stop()
