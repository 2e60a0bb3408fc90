"""The tests of a problem are compiled once, and everything they say stays the same."""

from typing import Any

from nbjudge_course.problem import Problem, Test
from nbjudge_course.verdict import Status

PROBLEM = Problem(
    id="case",
    title="A case",
    tests=(
        Test(name="plain", source="assert double(2) == 4"),
        Test(name="other", source="wanted = [2]\nassert [double(1)] == wanted"),
        Test(name="breaks", source="first = double(1)\nraise KeyError('of the test')"),
    ),
)


def test_the_second_grading_says_what_the_first_one_said(grader: Any) -> None:
    first = grader.grade(PROBLEM, "double = lambda n: n + 2")
    grader.rest()
    second = grader.grade(PROBLEM, "double = lambda n: n + 2")

    def told(verdict: Any) -> list[Any]:
        return [(t.name, t.status, t.message, t.expected, t.got) for t in verdict.tests]

    assert told(second) == told(first)
    assert [test.status for test in first.tests][:2] == [Status.ACCEPTED, Status.WRONG_ANSWER]
    assert "in the test: raise KeyError" in second.tests[2].message


def test_a_test_that_is_no_python_is_told_every_time(grader: Any) -> None:
    broken = Problem(id="b", title="B", tests=(Test(name="t", source="assert double( == 1"),))
    for _ in range(2):
        verdict = grader.grade(broken, "double = abs")
        assert verdict.tests[0].status is Status.INTERNAL_ERROR
        assert "not Python" in verdict.tests[0].message
        grader.rest()
