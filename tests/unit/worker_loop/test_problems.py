"""The problems that a worker has at hand."""

import pytest
from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import Problem
from nbjudge_worker.problems import Problems
from nbjudge_worker.queue import FakeQueue
from nbjudge_worker.queue.fake import FakeBroker


def test_a_problem_is_fetched_once() -> None:
    broker, problem = FakeBroker(), Problem(id="p", title="P")
    broker.problems[problem.digest] = problem
    problems = Problems(FakeQueue(broker, worker="ada"))
    assert problems.get(problem.digest) is problem
    broker.problems.clear()
    assert problems.get(problem.digest) is problem


def test_the_one_not_used_for_longest_is_forgotten() -> None:
    broker = FakeBroker()
    a, b, c = (Problem(id=name, title=name) for name in "abc")
    broker.problems = {problem.digest: problem for problem in (a, b, c)}
    problems = Problems(FakeQueue(broker, worker="ada"), capacity=2, patience_seconds=0)
    for problem in (a, b, a, c):
        problems.get(problem.digest)
    broker.problems.clear()
    assert problems.get(a.digest) is a
    assert problems.get(c.digest) is c
    with pytest.raises(Unavailable):
        problems.get(b.digest)
