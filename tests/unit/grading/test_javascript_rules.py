"""Rules on sources in JavaScript."""

import pytest
from nbjudge_worker.examiner.rules import broken_rules

FACTORIAL = """
function factorial(n) {
  // for while sort()
  const text = "for (;;) while" + 'import x' + `class`;
  if (n < 2) { return 1; }
  return n * factorial(n - 1);
}
"""
MUTUAL = "const even = n => n === 0 || odd(n - 1);\nconst odd = n => n !== 0 && even(n - 1);"
LOOP = (
    "const f = xs => { let s = 0; for (const x of xs) s += x; return xs.sort().map(x => f2(x)); };"
)


def uses(source: str, what: str) -> bool:
    return broken_rules(source, [{"demand": "forbid", "what": what}], "javascript") != []


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (FACTORIAL, "recursion"), (FACTORIAL, "function"), (FACTORIAL, "factorial()"),
        (MUTUAL, "recursion"), (MUTUAL, "lambda"), (LOOP, "loop"), (LOOP, "for"),
        (LOOP, "sort()"), (LOOP, "sort"), ("let x = require('node:fs')", "import fs"),
        ("import { a } from 'fs'", "import"), ("function f() { f2(); }\nfunction f2() { f(); }", "recursion"),
        ("isPrime(3)", "is_prime()"), ("const a = b ? 1 : 2", "if"),
    ],
)  # fmt: skip
def test_a_source_uses_what_it_uses(source: str, what: str) -> None:
    assert uses(source, what)


@pytest.mark.parametrize(
    ("source", "what"),
    [
        (FACTORIAL, "for"), (FACTORIAL, "loop"), (FACTORIAL, "sort()"), (FACTORIAL, "import"),
        (FACTORIAL, "class"), (LOOP, "recursion"), (LOOP, "while"), ("sort = 3", "sort()"),
        ("const r = /for (x)/g.test(s)", "for"), ("require('fs')", "import path"),
    ],
)  # fmt: skip
def test_comments_texts_and_other_names_are_no_use(source: str, what: str) -> None:
    assert not uses(source, what)


def test_a_required_construct_that_is_missing_is_told() -> None:
    rules = [{"demand": "require", "what": "recursion"}]
    assert broken_rules(LOOP, rules, "javascript") == ["use recursion"]
    assert broken_rules(FACTORIAL, rules, "javascript") == []
