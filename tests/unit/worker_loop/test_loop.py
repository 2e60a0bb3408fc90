"""The loop of a worker."""

import pytest
from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import Problem
from nbjudge_course.submission import Progress
from nbjudge_course.verdict import Status
from nbjudge_worker.queue import DELIVERY_LIMIT, FakeQueue


def test_a_verdict_of_the_grader_is_reported_as_it_is(works) -> None:
    works.start()
    result = works.result(works.put(1, "verdict wrong_answer"))
    assert result.verdict.status is Status.WRONG_ANSWER
    assert result.worker == "ada"


def test_jobs_that_wait_are_graded_one_after_another(works) -> None:
    submissions = [works.put(number) for number in range(20)]
    works.start()
    for submission in submissions:
        works.result(submission)
    assert [result.submission for result in works.broker.results] == submissions


def test_a_fault_becomes_an_internal_error_and_the_worker_goes_on(works, caplog) -> None:
    works.start()
    result = works.result(works.put(1, "fault"))
    assert result.verdict.status is Status.INTERNAL_ERROR
    assert result.verdict.max_points == 3
    assert "fault of the grader" in caplog.text
    assert works.result(works.put(2)).verdict.status is Status.ACCEPTED


def test_progress_is_told_at_once_and_what_is_held_back_follows(works) -> None:
    works.start()
    works.result(works.put(1, "pass\npass\npass\nsleep 0.6"))
    told = [event.progress for event in works.broker.announced]
    assert told[0] == Progress(done=0, total=4)
    assert told[-1] == Progress(done=3, total=4)


def test_a_stopped_worker_finishes_what_it_runs_and_takes_nothing_more(works) -> None:
    running, waiting = works.put(1, "sleep 0.3"), works.put(2)
    loop = works.start()
    works.wait(lambda: bool(works.broker.announced))
    loop.stop()
    works.stop()
    assert [result.submission for result in works.broker.results] == [running]
    assert [job.submission.id for _, job in works.broker.waiting] == [waiting]


def test_a_job_longer_than_the_lease_is_graded_once(works) -> None:
    works.start("ada")
    works.start("bob")
    submission = works.put(1, "sleep 1.0")
    works.result(submission)
    assert len(works.broker.results) == 1
    assert works.broker.pending == {}


def test_a_cancelled_submission_is_given_up_while_it_runs(works) -> None:
    works.start()
    submission = works.put(1, "sleep 60")
    works.wait(lambda: bool(works.broker.announced))
    works.broker.cancelled.add(submission)
    assert works.result(submission).verdict.status is Status.CANCELLED


def test_a_submission_cancelled_before_it_is_taken_is_not_graded(works) -> None:
    submission = works.put(1, "fault")
    works.broker.cancelled.add(submission)
    works.start()
    assert works.result(submission).verdict.status is Status.CANCELLED


def test_a_worker_that_lost_its_lease_gives_up_and_reports_nothing(works) -> None:
    works.start()
    works.put(1, "sleep 60")
    works.wait(lambda: bool(works.broker.announced))
    works.broker.pending.clear()
    assert works.result(works.put(2)).verdict.status is Status.ACCEPTED
    assert len(works.broker.results) == 1


def test_a_missing_problem_is_asked_for_and_awaited(works) -> None:
    problem = Problem(id="q", title="Q")
    works.start(patience=5)
    submission = works.put(1, version=problem.digest)
    works.wait(lambda: problem.digest in works.broker.wanted)
    works.broker.problems[problem.digest] = problem
    assert works.result(submission).verdict.status is Status.ACCEPTED


def test_a_problem_that_nobody_brings_sends_the_job_back_without_blame(works) -> None:
    problem = Problem(id="q", title="Q")
    works.start(patience=0.01)
    submission = works.put(1, version=problem.digest)
    works.wait(lambda: works.broker.wanted.count(problem.digest) > DELIVERY_LIMIT + 1)
    works.broker.problems[problem.digest] = problem
    assert works.result(submission).verdict.status is Status.ACCEPTED


def test_a_job_that_finds_no_box_again_and_again_is_given_up(works) -> None:
    works.start()
    submission = works.put(1, "unavailable")
    assert works.result(submission).verdict.status is Status.INTERNAL_ERROR
    assert [job.submission.id for job in works.broker.dead] == [submission]


@pytest.mark.parametrize("failing", ["take", "finish", "problem", "renew", "report", "release"])
def test_a_queue_that_fails_for_a_moment_loses_nothing(works, failing) -> None:
    queue = FlakyQueue(works.broker, worker="ada", lease_seconds=0.3)
    queue.failing, queue.failures = failing, 3
    works.start(queue=queue)
    source = "sleep 0.5" if failing == "renew" else ""
    submissions = [works.put(number, source) for number in range(3)]
    for submission in submissions:
        assert works.result(submission).verdict.status is Status.ACCEPTED


class FlakyQueue(FakeQueue):
    """Does not answer a few times."""

    failing = ""
    failures = 0

    def _maybe_fail(self, name: str) -> None:
        if name == self.failing and self.failures > 0:
            self.failures -= 1
            raise Unavailable("as the test asked")

    def take(self, block_seconds):
        self._maybe_fail("take")
        return super().take(block_seconds)

    def finish(self, lease, verdict, *, take_next):
        self._maybe_fail("finish")
        return super().finish(lease, verdict, take_next=take_next)

    def problem(self, version):
        self._maybe_fail("problem")
        return super().problem(version)

    def renew(self, lease):
        self._maybe_fail("renew")
        return super().renew(lease)

    def report(self, report):
        self._maybe_fail("report")
        return super().report(report)

    def release(self, lease, *, pause_seconds, blame):
        self._maybe_fail("release")
        return super().release(lease, pause_seconds=pause_seconds, blame=blame)
