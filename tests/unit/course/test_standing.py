"""A student's standing: the best result, and the attempts that count."""

from nbjudge_course.standing import Result, Standing, standings_of
from nbjudge_course.verdict import Status


def test_the_best_result_stays_when_a_later_one_is_worse():
    results = [Result(Status.PARTIAL, 2), Result(Status.ACCEPTED, 8), Result(Status.PARTIAL, 1)]
    (standing,) = standings_of(("a", result) for result in results)
    assert standing == Standing(problem="a", points=8, status=Status.ACCEPTED, attempts=3)


def test_what_was_cancelled_or_failed_by_our_fault_is_no_attempt():
    results = [Result(Status.CANCELLED, 0), Result(Status.INTERNAL_ERROR, 0)]
    assert standings_of(("a", result) for result in results) == []


def test_what_waits_for_its_verdict_is_an_attempt_without_a_result():
    assert standings_of([("a", None)]) == [Standing(problem="a", attempts=1)]


def test_a_result_without_points_is_a_result():
    (standing,) = standings_of([("a", Result(Status.WRONG_ANSWER, 0.0))])
    assert standing.status is Status.WRONG_ANSWER
