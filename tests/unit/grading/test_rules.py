"""Rules on the source: what counts as using a construct."""

import pytest
from nbjudge_worker.examiner.rules import broken_rules

RECURSIVE = "def f(n):\n    return 1 if n == 0 else n * f(n - 1)\n"
MUTUAL = "def even(n): return n == 0 or odd(n - 1)\ndef odd(n): return n != 0 and even(n - 1)\n"


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (RECURSIVE, "recursion"),
        (MUTUAL, "recursion"),
        ("for x in y: pass", "for"),
        ("for x in y: pass", "loop"),
        ("while x: pass", "loop"),
        ("a = [x for x in y]", "comprehension"),
        ("import numpy as np", "import numpy"),
        ("from os.path import join", "import os"),
        ("a.sort()", "sort()"),
        ("sorted(a)", "sorted()"),
        ("f = sorted", "sorted"),
        ("f'{x}'", "f-string"),
        ("%matplotlib inline\nfor x in y: pass", "for"),
    ],
)
def test_a_construct_is_found(source: str, what: str) -> None:
    assert broken_rules(source, [{"demand": "forbid", "what": what}]) == [
        f"solve this without {what}"
    ]
    assert broken_rules(source, [{"demand": "require", "what": what}]) == []


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("def f(n):\n    return g(n)\ndef g(n): return n", "recursion"),
        ("text = 'for x in y'", "for"),
        ("# sorted(a)", "sorted()"),
        ("sorted = 3", "sorted()"),
        ("import math", "import numpy"),
    ],
)
def test_what_only_looks_like_a_construct_is_not_found(source: str, what: str) -> None:
    assert broken_rules(source, [{"demand": "forbid", "what": what}]) == []
    assert broken_rules(source, [{"demand": "require", "what": what}]) == [f"use {what}"]


def test_the_authors_own_message_is_told() -> None:
    rule = {"demand": "forbid", "what": "loop", "message": "No loops today."}
    assert broken_rules("while 1: pass", [rule]) == ["No loops today."]
