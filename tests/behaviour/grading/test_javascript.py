"""The same Python tests grade a function or a class that was written in JavaScript."""

from typing import Any

import pytest
from nbjudge_course.problem import MIB, Kind, Limits, Problem, Rule, Test
from nbjudge_course.verdict import Status, Verdict


def graded(grader: Any, source: str, *tests: str, **more: Any) -> Verdict:
    problem = Problem(
        id="case",
        title="A case",
        kind=Kind.FUNCTION,
        languages=("python", "javascript"),
        tests=tuple(Test(name=f"test {n}", source=test) for n, test in enumerate(tests, 1)),
        **{"limits": Limits(cpu_seconds=2.0, wall_seconds=10.0), **more},
    )
    return grader.grade(problem, source, "javascript")  # type: ignore[no-any-return]  # the fixture's type is open


def message_of(verdict: Verdict) -> str:
    return "\n".join((verdict.message, *(test.message for test in verdict.tests)))


PLAIN = """
const echo = value => value;
function describe(value) { return `${typeof value} ${Array.isArray(value)} ${String(value)}`; }
function half(n) { return n / 2; }
function divideWithRest(a, b) { return [Math.trunc(a / b), a % b]; }
function countWords(text) {
  const counts = {};
  for (const word of text.split(" ")) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
const letters = text => new Set(text);
const byLength = words => new Map(words.map(word => [word.length, word]));
const pairs = xs => new Set(xs.map(x => [x, x * x]));
function nothing() {}
"""


@pytest.mark.parametrize(
    "test",
    [
        "assert half(7) == 3.5 and half(8) == 4",
        "assert divide_with_rest(7, 2) == (3, 1) and divide_with_rest(7, 2) == [3, 1]",
        "assert divide_with_rest(b=2, a=9) == (4, 1)",
        "assert count_words('a b a') == {'a': 2, 'b': 1}",
        "assert letters('hello') == set('helo')",
        "assert by_length(['a', 'bcd']) == {1: 'a', 3: 'bcd'}",
        "assert pairs([1, 2]) == {(1, 1), (2, 4)}",
        "assert nothing() is None",
        "assert [divide_with_rest(7, 2)] == [(3, 1)] and isinstance(divide_with_rest(7, 2), list)",
        "assert echo(2**60 + 1) == 2**60 + 1 and echo(2**5000) == 2**5000",
        "assert echo([1, 'é😀', (2, 3), {'a': [None, True]}]) == [1, 'é😀', (2, 3), {'a': [None, True]}]",
        "assert echo({(1, 2): 3, 4: 5}) == {(1, 2): 3, 4: 5}",
        "assert echo(b'\\x00\\xff') == b'\\x00\\xff' and echo(bytearray(b'a')) == bytearray(b'a')",
        "import math\nassert math.isnan(echo(math.nan)) and echo(-math.inf) == -math.inf",
        "from decimal import Decimal\nassert echo(Decimal('1.5')) == Decimal('1.5')",
        "import numpy as np\nnp.testing.assert_allclose(echo(np.arange(6.0).reshape(2, 3)), np.arange(6).reshape(2, 3))",
        "import numpy as np\nnp.testing.assert_array_equal(echo(np.arange(5000)), np.arange(5000))",
        "assert describe([1, 2]) == 'object true 1,2' and describe(2.0) == 'number false 2'",
        "from pytest import approx\nassert half(0.2) == approx(0.1)",
        "assert echo('\\u2028 \\\\ \"') == '\\u2028 \\\\ \"' and echo('123456789012345678') == '123456789012345678'",
        "assert echo('NaN [Infinity]') == 'NaN [Infinity]'",
    ],
)  # fmt: skip
def test_plain_data_crosses_both_ways(grader: Any, test: str) -> None:
    verdict = graded(grader, PLAIN, test)
    assert verdict.status is Status.ACCEPTED, message_of(verdict)


CALLS = """
function sortInPlace(xs) { xs.sort((a, b) => a - b); }
function addTo(d, key) { d[key] = 1; return d; }
const applyTwice = (f, x) => f(f(x));
const total = numbers => { let sum = 0; for (const n of numbers) sum += n; return sum; };
function* squares() { for (let n = 0; ; n++) yield n * n; }
const upTo = n => ({ [Symbol.iterator]: function* () { for (let i = 0; i < n; i++) yield i; } });
async function later(x) { await new Promise(done => setTimeout(done, 5)); return x + 1; }
function say(text) { console.log(text); process.stdout.write("no line end"); }
const ask = () => `${prompt("name? ")} and ${prompt()}`;
const roll = () => Math.random();
const makeAdder = a => b => a + b;
function helper(x) { return x + 1; }
const counter = () => { let n = 0; return { increase() { n += 1; }, value: () => n }; };
const usesHelper = x => helper(x) * 2;
"""


@pytest.mark.parametrize(
    "test",
    [
        "xs = [3, 1, 2]\nsort_in_place(xs)\nassert xs == [1, 2, 3]",
        "d = {}\nassert add_to(d, 'k') is d and d == {'k': 1}",
        "assert apply_twice(lambda x: x * 3, 2) == 18",
        "assert apply_twice(abs, -2) == 2",
        "assert total(x for x in range(5)) == 10",
        "from itertools import islice\nassert list(islice(squares(), 4)) == [0, 1, 4, 9]",
        "assert list(up_to(3)) == [0, 1, 2]",
        "assert await later(2) == 3",
        "say('hello')\nassert stdout() == 'hello\\nno line end'",
        "feed('Ada\\nBob\\n')\nassert ask() == 'Ada and Bob'",
        "seed(1)\na = roll()\nseed(1)\nassert a == roll() and 0 <= a < 1",
        "assert make_adder(2)(3) == 5",
        "c = counter()\nc.increase()\nassert c.value() == 1",
        "student.helper = lambda x: 10\nassert uses_helper(1) == 20",
        "def boom(x): raise ValueError('no')\nwith raises(ValueError): apply_twice(boom, 1)",
    ],
)
def test_calls_reach_the_student_and_the_test(grader: Any, test: str) -> None:
    verdict = graded(grader, CALLS, test)
    assert verdict.status is Status.ACCEPTED, message_of(verdict)


CLASSES = """
class Empty extends Error {}
class ValueError extends Error {}
class Vector {
  constructor(x, y = 0) { this.x = x; this.y = y; }
  add(other) { return new Vector(this.x + other.x, this.y + other.y); }
  equals(other) { return this.x === other.x && this.y === other.y; }
  get norm() { return Math.hypot(this.x, this.y); }
  static ofPair([x, y]) { return new Vector(x, y); }
  toString() { return `(${this.x}, ${this.y})`; }
  compareTo(other) { return this.norm - other.norm; }
}
class Stack {
  #items = [];
  pushBack(item) { this.#items.push(item); return this; }
  pop() { if (!this.#items.length) throw new Empty("nothing there"); return this.#items.pop(); }
  get size() { return this.#items.length; }
  has(item) { return this.#items.includes(item); }
  [Symbol.iterator]() { return this.#items[Symbol.iterator](); }
}
class Special extends Stack {}
function fails() { throw new RangeError("out of range"); }
function deep(n) { return deep(n + 1) + 1; }
function picky(x) { if (x < 0) throw new ValueError("negative"); return x; }
"""


@pytest.mark.parametrize(
    "test",
    [
        "v = Vector(3, 4) + Vector(1)\nassert (v.x, v.y) == (4, 4) and Vector(3, 4).norm == 5",
        "assert Vector(1, 2) == Vector(1, 2) and Vector(1, 2) != Vector(2, 1)",
        "assert str(Vector.of_pair([1, 2])) == '(1, 2)' and Vector(1) < Vector(2)",
        "v = Vector(1)\nv.x = 9\nassert v.x == 9 and isinstance(v, Vector) and type(v) == Vector",
        "s = Stack()\ns.push_back(1).push_back('b')\nassert len(s) == 2 and 'b' in s and list(s) == [1, 'b']",
        "with raises(Empty) as caught:\n    Stack().pop()\nassert 'nothing there' in str(caught.value)",
        "try:\n    Stack().pop()\nexcept Empty as error:\n    assert str(error) == 'nothing there'",
        "assert issubclass(Special, Stack) and isinstance(Special(), Stack)",
        "with raises(ValueError): fails()",
        "with raises(ValueError, match='negative'): picky(-1)",
        "with raises(RecursionError): deep(0)",
        "with raises(AttributeError): Vector(1).z",
    ],
)
def test_classes_and_exceptions_are_met_as_pythons(grader: Any, test: str) -> None:
    verdict = graded(grader, CLASSES, test)
    assert verdict.status is Status.ACCEPTED, message_of(verdict)


def test_a_mistake_is_told_with_its_line_and_none_of_our_frames(grader: Any) -> None:
    verdict = graded(grader, "function f() {\n  return undefinedName + 1;\n}", "f()")
    assert verdict.status is Status.RUNTIME_ERROR
    assert "undefinedName is not defined" in message_of(verdict)
    assert "Cell:2" in message_of(verdict)
    assert "answers.js" not in message_of(verdict)


def test_a_cell_that_is_no_javascript_is_a_compile_error_with_its_place(grader: Any) -> None:
    verdict = graded(grader, "const a = 1;\nfunction f( { return 1; }\n", "f()")
    assert verdict.status is Status.COMPILE_ERROR
    assert "Cell:2" in verdict.message
    assert "^" in verdict.message


def test_a_cell_that_fails_when_it_runs_is_a_runtime_error(grader: Any) -> None:
    verdict = graded(grader, "null.x;", "f()")
    assert (verdict.status, verdict.points) == (Status.RUNTIME_ERROR, 0)


def test_an_endless_loop_costs_its_test_only(grader: Any) -> None:
    source = "const f = n => { while (n < 0) {} return n; };"
    verdict = graded(grader, source, "f(-1)", "assert f(1) == 1")
    assert [test.status for test in verdict.tests] == [
        Status.TIME_LIMIT_EXCEEDED,
        Status.ACCEPTED,
    ]


def test_a_heap_that_grows_for_ever_is_a_memory_limit(grader: Any) -> None:
    source = "const f = () => { const all = []; for (;;) all.push(new Array(1000).fill({})); };"
    limits = Limits(cpu_seconds=5.0, wall_seconds=20.0, memory_bytes=48 * MIB)
    verdict = graded(grader, source, "f()", limits=limits)
    assert verdict.status is Status.MEMORY_LIMIT_EXCEEDED, message_of(verdict)


def test_a_wrong_answer_shows_what_was_expected_and_what_came(grader: Any) -> None:
    verdict = graded(grader, "const f = () => [1, 2];", "assert f() == [1, 3]")
    assert verdict.status is Status.WRONG_ANSWER
    assert "[1, 3]" in message_of(verdict) + str(verdict.tests[0].expected)


def test_rules_hold_for_javascript(grader: Any) -> None:
    rules = (Rule(demand="forbid", what="loop"),)
    source = "const f = xs => { let s = 0; for (const x of xs) s += x; return s; };"
    verdict = graded(grader, source, "assert f([1]) == 1", rules=rules)
    assert verdict.status is Status.WRONG_ANSWER
    assert "without loop" in verdict.message


def test_a_function_cannot_be_solved_in_a_language_that_only_programs_have(grader: Any) -> None:
    from nbjudge_course.errors import Unavailable

    problem = Problem(id="a", title="A", languages=("c",), tests=(Test(name="t", source="f()"),))
    with pytest.raises(Unavailable, match="python, javascript"):
        grader.grade(problem, "int f() { return 1; }", "c")
