"""What of a verdict is told."""

from nbjudge_course.verdict import Status, TestResult, Verdict, as_told


def verdict(*hidden: bool) -> Verdict:
    tests = tuple(
        TestResult(
            name=str(number),
            status=Status.ACCEPTED,
            points=1,
            max_points=1,
            hidden=one,
            cpu_seconds=None if one else 0.25,
            memory_bytes=None if one else 1000 * (number + 1),
        )
        for number, one in enumerate(hidden)
    )
    return Verdict(
        status=Status.ACCEPTED,
        cause=Status.ACCEPTED,
        points=len(tests),
        max_points=len(tests),
        tests=tests,
        cpu_seconds=9.0,
        wall_seconds=10.0,
        memory_bytes=10**9,
    )


def test_what_hidden_tests_used_is_not_told() -> None:
    told = as_told(verdict(False, False, True))
    assert (told.cpu_seconds, told.wall_seconds, told.memory_bytes) == (0.5, 0.0, 2000)


def test_where_nothing_is_hidden_all_of_it_is_told() -> None:
    assert as_told(verdict(False, False)) == verdict(False, False)
    assert as_told(verdict()) == verdict()
