"""A failed comparison says in words what came and what was expected."""

import ast
from collections import deque
from typing import Any

import pytest
from nbjudge_worker.examiner.assertions import HELPER, Mismatch, compare, explaining
from nbjudge_worker.examiner.differences import difference, shown


def failure_of(source: str, **names: Any) -> Mismatch:
    code = compile(explaining(ast.parse(source), source), "<test>", "exec")
    with pytest.raises(Mismatch) as caught:
        exec(code, {HELPER: compare, **names})
    return caught.value


@pytest.mark.parametrize(
    ("got", "expected", "said"),
    [
        ([0, 2], [0, 1], "item 1 is 2, and 1 was expected"),
        ([1], [1, 2], "there are 1 items, and 2 were expected"),
        (None, 3, "the type is NoneType, and int was expected"),
        (True, 1.5, "the type is bool, and float was expected"),
        (3, 4, "the answer is 3, and 4 was expected"),
        ("abcd", "abXd", "from character 2 on the text is 'cd', and 'Xd' was expected"),
        ({"a": 1}, {"a": 2}, "under 'a' is 1, and 2 was expected"),
        ({}, {"a": 2}, "the key 'a' is missing"),
        ({"b": 1}, {}, "the key 'b' is too much"),
        ({1, 3}, {1, 2}, "missing: {2}; too much: {3}"),
    ],
)
def test_a_difference_is_told_in_words(got: Any, expected: Any, said: str) -> None:
    failure = failure_of("assert f() == expected", f=lambda: got, expected=expected)
    assert str(failure) == said
    assert (failure.got, failure.expected) == (repr(got), repr(expected))


def test_the_side_with_the_call_is_the_one_that_came() -> None:
    failure = failure_of("assert 4 == f()", f=lambda: 3)
    assert (failure.got, failure.expected) == ("3", "4")


def test_lines_of_text_are_shown_as_a_diff() -> None:
    failure = failure_of("assert f() == 'a\\nb\\n'", f=lambda: "a\nc\n")
    assert "-b" in str(failure)
    assert "+c" in str(failure)


def test_the_authors_message_is_told_and_evaluated_only_on_failure() -> None:
    assert str(failure_of("assert f() == 1, f'try {f()} again'", f=lambda: 2)) == "try 2 again"
    source = "assert 1 == 1, 1 / 0"
    exec(compile(explaining(ast.parse(source), source), "<test>", "exec"), {HELPER: compare})


def test_a_truth_shows_the_test_and_what_came() -> None:
    failure = failure_of("assert is_even(3)", is_even=lambda _: False)
    assert (str(failure), failure.got) == ("assert is_even(3)", "False")


def test_each_side_is_evaluated_once() -> None:
    calls: list[int] = []
    failure_of("assert f() == 1", f=lambda: calls.append(1))
    assert calls == [1]


class Seen:
    """Counts how often it is looked at."""

    times = 0

    def __repr__(self) -> str:
        Seen.times += 1
        return "seen"


@pytest.mark.parametrize(
    "value",
    [
        [Seen()] * 100_000,
        {n: (Seen(), [Seen()]) for n in range(100_000)},
        [[[Seen()] * 100_000]],
        {"a": deque([Seen()] * 100_000)},
        {Seen() for _ in range(100_000)},
    ],
    ids=["list", "dict", "nested list", "deque in a dict", "set"],
)
def test_of_a_value_with_many_parts_only_the_first_are_looked_at(value: Any) -> None:
    Seen.times = 0
    text = shown(value)
    assert 0 < Seen.times < 10_000
    assert len(text) < 3000
    assert text.endswith(f"... ({len(value):,} items)")


def test_of_many_lines_those_around_the_first_difference_are_told() -> None:
    lines = [str(n) for n in range(5000)]
    told = difference("\n".join(lines), "\n".join([*lines[:4000], "other", *lines[4001:]]))
    assert "-4000\n+other" in told
    assert "3997" not in told


def test_a_long_value_is_shown_in_part() -> None:
    assert len(shown("x" * 100_000)) < 3000


def test_a_repr_that_raises_is_no_fault_of_the_grader() -> None:
    class Shy:
        def __repr__(self) -> str:
            raise ValueError

    assert shown(Shy()) == "<Shy, whose repr raises ValueError>"
