"""What each checker lets pass, and what it does not."""

from types import SimpleNamespace

import pytest
from nbjudge_course.checkers import (
    Mismatch,
    check,
    exact,
    floats,
    lines,
    numbers,
    tokens,
    unordered,
)


@pytest.mark.parametrize(
    ("checker", "expected", "got"),
    [
        (exact, "a b\n", "a b\r\n"),
        (tokens, "a b\nc", " a\n\nb  c \n"),
        (lines, "a\nb", "a  \nb\n\n\n"),
        (unordered, "a\nb\nc", "c\n\nb\na\n"),
        (floats(1e-3), "x 1.0 2000", "x 1.0009 2001.9"),
        (floats(), "nan inf -inf", "NaN Infinity -inf"),
        (floats(), "7", "7.0"),
    ],
)
def test_a_checker_lets_pass_what_does_not_matter(checker, expected, got):
    check(got, expected, checker)


@pytest.mark.parametrize(
    ("checker", "expected", "got"),
    [
        (exact, "a b\n", "a  b\n"),
        (exact, "a\n", "a"),
        (tokens, "a b", "ab"),
        (lines, "a b", "a  b"),
        (unordered, "a\na\nb", "a\nb\nb"),
        (floats(1e-3), "1.0", "1.002"),
        (floats(), "1.0", "one"),
        (floats(), "1.0 2.0", "1.0"),
        (floats(), "inf", "1e300"),
        (floats(), "x1.0", "x1.0000000001"),
    ],
)
def test_a_checker_sees_what_matters(checker, expected, got):
    with pytest.raises(Mismatch) as caught:
        check(got, expected, checker)
    assert (caught.value.expected, caught.value.got) == (expected, got)


def test_a_run_is_checked_by_what_it_printed():
    check(SimpleNamespace(stdout="7\n", exit_code=0), "7")


def test_a_run_that_ended_badly_is_never_right():
    with pytest.raises(AssertionError, match="exit code 3"):
        check(SimpleNamespace(stdout="7\n", exit_code=3), "7")


def test_the_first_line_that_differs_is_named():
    with pytest.raises(Mismatch, match="line 2"):
        check("1\n3\n", "1\n2\n")
    with pytest.raises(Mismatch, match="1 lines, not 2"):
        check("1\n", "1\n2\n")


def test_words_are_read_as_numbers():
    assert numbers("1 2.5\n-3e2") == [1.0, 2.5, -300.0]
    with pytest.raises(Mismatch, match="'two' is no number"):
        numbers("1 two")
