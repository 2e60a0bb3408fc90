"""What a test can do with a student's code, and what the student is told of it."""

from collections.abc import Callable

import pytest
from nbjudge_course.problem import File, Kind, Limits, Problem, Rule, Test
from nbjudge_course.submission import Progress
from nbjudge_course.verdict import Status, Verdict
from nbjudge_worker.grade import SandboxedGrader

Grade = Callable[..., Verdict]

CLASSES = """
class Oops(ValueError):
    def __init__(self, code):
        super().__init__("it went wrong")
        self.code = code

class Money:
    def __init__(self, cents): self.cents = cents
    def __add__(self, other): return Money(self.cents + (other if isinstance(other, int) else other.cents))
    def __eq__(self, other): return self.cents == other.cents
    def __lt__(self, other): return self.cents < other.cents
    def __hash__(self): return hash(self.cents)
    def __len__(self): return 2
    def __repr__(self): return f"Money({self.cents})"
    def __enter__(self): return self
    def __exit__(self, *exc): self.cents = 0
    @property
    def euros(self): return self.cents / 100
    def me(self): return self

def boom(): raise Oops(7)

def count():
    n = 0
    while True:
        yield n
        n += 1
"""


@pytest.mark.parametrize(
    "test",
    [
        "m = Money(5)\nassert m.cents == 5 and m.euros == 0.05",
        "assert isinstance(Money(5), Money) and not isinstance(3, Money)",
        "assert type(Money(5)) is Money\nassert type(Money(5)).__name__ == 'Money'",
        "m = Money(5)\nassert m.me() is m",
        "assert (Money(5) + Money(2)).cents == 7\nassert (Money(5) + 3).cents == 8",
        "assert Money(5) == Money(5)\nassert Money(5) != Money(6)\nassert Money(5) != 5",
        "assert sorted([Money(2), Money(1)])[0] == Money(1)",
        "assert len({Money(1), Money(1)}) == 1\nassert len(Money(1)) == 2",
        "assert str(Money(3)) == 'Money(3)' == f'{Money(3)}'",
        "m = Money(3)\nwith m as same:\n    assert same is m\nassert m.cents == 0",
        "m = Money(3)\nm.cents = 9\nassert m.euros == 0.09\nassert hasattr(m, 'me') and not hasattr(m, 'you')",
        "try:\n    boom()\nexcept Oops as error:\n    assert error.code == 7 and str(error) == 'it went wrong'",
        "with raises(ValueError, match='went'):\n    boom()",
        "with raises(Oops) as info:\n    boom()\nassert info.value.code == 7",
        "import pytest\nwith pytest.raises(Oops):\n    boom()",
        "import itertools\nassert list(itertools.islice(count(), 4)) == [0, 1, 2, 3]",
        "numbers = count()\nassert next(numbers) == 0 and next(numbers) == 1\nnumbers.close()",
        "import types\nassert isinstance(count(), types.GeneratorType)",
        "import unittest\nunittest.TestCase().assertEqual(Money(1).cents, 1)",
    ],
)
def test_objects_classes_and_exceptions_of_the_student_work_in_a_test(
    grade: Grade, test: str
) -> None:
    verdict = grade(CLASSES, test)
    assert verdict.status is Status.ACCEPTED, verdict.tests


@pytest.mark.parametrize(
    ("source", "test"),
    [
        ("def f(a):\n    a.sort()\n    a.append(9)", "a = [3, 1]\nf(a)\nassert a == [1, 3, 9]"),
        ("def f(m):\n    m[0][0] = 5", "row = [1]\nf([row])\nassert row == [5]"),
        ("def f(d):\n    d['x'] = 1; del d['y']", "d = {'y': 2}\nf(d)\nassert d == {'x': 1}"),
        ("def f(a):\n    a.clear()\n    return a", "a = [1]\nassert f(a) is a\nassert a == []"),
        ("import numpy as np\ndef f(a): a *= 2", "import numpy as np\na = np.arange(3)\nf(a)\nassert a.sum() == 6"),
        ("def f(d): d['b'] = d['a'] * 2", "import pandas as pd\nd = pd.DataFrame({'a': [1]})\nf(d)\nassert d['b'][0] == 2"),
    ],
)  # fmt: skip
def test_what_a_call_changes_is_changed_in_the_test(grade: Grade, source: str, test: str) -> None:
    assert grade(source, test).status is Status.ACCEPTED


@pytest.mark.parametrize(
    ("source", "test"),
    [
        ("def f(g, x): return g(x) + 1", "assert f(lambda v: v * 2, 4) == 9"),
        ("def f(g, x): return g(x)", "import math\nassert f(math.sqrt, 9) == 3 and f(len, 'ab') == 2"),
        ("def f(xs): return sum(xs)", "assert f(n * n for n in range(4)) == 14"),
        ("def f(g, h): return lambda x: g(h(x))", "assert f(len, str)(123) == 3"),
        ("def f(g):\n    try: g()\n    except KeyError as e: return e.args", "def g(): raise KeyError('k')\nassert f(g) == ('k',)"),
        ("def twice(g):\n    def w(*a): return g(g(*a))\n    return w", "@twice\ndef inc(x): return x + 1\nassert inc(1) == 3"),
        ("def f(t): return t.read()", "import io\nassert f(io.StringIO('abc')) == 'abc'"),
    ],
)  # fmt: skip
def test_functions_and_iterators_can_be_passed_in(grade: Grade, source: str, test: str) -> None:
    assert grade(source, test).status is Status.ACCEPTED


def test_an_assertion_inside_a_callback_fails_the_test_even_if_it_is_swallowed(
    grade: Grade,
) -> None:
    source = "def f(g):\n    try: g(1)\n    except BaseException: pass"
    verdict = grade(source, "def g(x): assert x == 2, 'g wants a 2'\nf(g)")
    assert verdict.tests[0].status is Status.WRONG_ANSWER
    assert verdict.tests[0].message == "g wants a 2"


def test_printing_and_input(grade: Grade) -> None:
    source = "def f():\n    name = input('name? ')\n    print('Hello', name)"
    verdict = grade(source, "feed('Ada\\n')\nf()\nassert stdout() == 'name? Hello Ada\\n'", "f()")
    assert verdict.tests[0].status is Status.ACCEPTED
    assert verdict.tests[0].output == "name? Hello Ada\n"
    assert "input() found no more input" in verdict.tests[1].message


def test_async_functions(grade: Grade) -> None:
    source = "import asyncio\nasync def f(x):\n    await asyncio.sleep(0)\n    return x + 1"
    verdict = grade(
        source,
        "import asyncio\nassert asyncio.run(f(2)) == 3",
        "assert await f(3) == 4",
    )
    assert verdict.status is Status.ACCEPTED, verdict.tests


def test_notebook_habits_are_understood(grade: Grade) -> None:
    source = (
        "#| problem: x\n%matplotlib inline\n!pip install numpy\nfiles = !ls\nlen?\n?print\n"
        "import asyncio\nawait asyncio.sleep(0)\nif True:\n    %time 1\ndef f(): return 1\nf()"
    )
    assert grade(source, "assert f() == 1").status is Status.ACCEPTED


def test_a_test_can_ask_whether_f_uses_g(grade: Grade) -> None:
    starter = {"python": "def g(x): ...\ndef f(x): ..."}
    test = (
        "seen = []\ndef g(x):\n    seen.append(x)\n    return 7\nassert f(3) == 7 and seen == [3]"
    )
    uses = "def g(x): return 1\ndef f(x): return g(x)"
    assert grade(uses, test, starter=starter).status is Status.ACCEPTED
    own = "def g(x): return 1\ndef f(x): return 7"
    assert grade(own, test, starter=starter).status is Status.WRONG_ANSWER


def test_names_of_the_student_hide_neither_builtins_nor_names_of_the_test(grade: Grade) -> None:
    source = "len = lambda x: 1\nexpected = [5]\nhelper = lambda x: 5\ndef f(): return expected\n"
    verdict = grade(
        source,
        "expected = [1, 2]\nassert f() == expected",
        "assert len([1, 2]) == 2",
        "assert student.len([1, 2]) == 1",
        setup="def helper(x): return x",
    )
    statuses = [test.status for test in verdict.tests]
    assert statuses == [Status.WRONG_ANSWER, Status.ACCEPTED, Status.ACCEPTED]


@pytest.mark.parametrize(
    ("setup", "status"),
    [
        ("1 / 0", Status.INTERNAL_ERROR),
        ("import random\nrandom.seed(4)\n1 / 0", Status.INTERNAL_ERROR),
        ("def twice(): return f() * 2\n1 / 0", Status.INTERNAL_ERROR),
        ("first = f()[0]", Status.WRONG_ANSWER),
        ("assert f() + 1", Status.WRONG_ANSWER),
        ("assert not f", Status.WRONG_ANSWER),
        ("f(1)", Status.RUNTIME_ERROR),
    ],
)
def test_a_setup_that_fails_is_the_authors_fault_unless_it_used_the_students_code(
    grade: Grade, setup: str, status: Status
) -> None:
    verdict = grade("def f(): return []", "assert f() == []", setup=setup)
    assert verdict.tests[0].status is status, verdict.tests


def test_files_written_and_given(grade: Grade) -> None:
    source = "def f():\n    text = open('in.txt').read()\n    open('out.txt', 'w').write(text * 2)"
    verdict = grade(
        source,
        "f()\nassert read_file('out.txt') == b'abab'",
        files=(File(name="in.txt", content=b"ab"),),
    )
    assert verdict.status is Status.ACCEPTED, verdict.tests


def test_rules_on_the_source(grade: Grade) -> None:
    source = "def f(n): return 1 if n == 0 else n * f(n - 1)"
    rules = (Rule(demand="forbid", what="recursion"),)
    verdict = grade(source, "assert f(3) == 6", rules=rules)
    assert verdict.status is Status.WRONG_ANSWER
    assert "solve this without recursion" in verdict.message
    loop = "def f(n):\n    p = 1\n    for i in range(n): p *= i + 1\n    return p"
    assert grade(loop, "assert f(3) == 6", rules=rules).status is Status.ACCEPTED


# ---- What is told


def test_a_traceback_has_the_lines_of_the_cell_and_none_of_ours(grade: Grade) -> None:
    message = grade("def f(x):\n    y = 0\n    return x / y", "f(1)").tests[0].message
    assert "Cell, line 3, in f\n    return x / y" in message
    assert message.endswith("ZeroDivisionError: division by zero")
    assert "nbjudge" not in message


def test_a_compile_error_points_at_the_place(grade: Grade) -> None:
    verdict = grade("def f(x):\n    return (x\n", "f(1)")
    assert verdict.status is Status.COMPILE_ERROR
    assert "Cell, line 2" in verdict.message
    assert "^" in verdict.message


def test_of_a_hidden_test_only_the_hint_is_told(grade: Grade) -> None:
    source = "class Mine(Exception): pass\ndef f(x):\n    print('saw', x)\n    raise Mine(x)"
    hidden = Test(name="secret", source="assert f(1234) == 77", hidden=True, hint="Think of 0.")
    result = grade(source, hidden).tests[0]
    assert result.message == "Think of 0."
    assert (result.output, result.expected, result.got) == ("", None, None)
    assert result.cpu_seconds is None
    assert result.status is Status.RUNTIME_ERROR


def test_what_a_hidden_test_showed_the_code_cannot_be_told_in_a_public_one(grade: Grade) -> None:
    source = "seen = []\ndef f(x):\n    seen.append(x)\n    print(seen)\n    return 0"
    hidden = Test(name="secret", source="assert f(123456) == 1", hidden=True)
    verdict = grade(source, hidden, "assert f(1) == 1")
    assert "123456" not in repr(verdict)
    assert [test.name for test in verdict.tests] == ["secret", "test 2"]


def test_a_missing_name_is_told(grade: Grade) -> None:
    result = grade("def g(): pass", "assert f() == 1").tests[0]
    assert result.status is Status.RUNTIME_ERROR
    assert result.message == "NameError: the cell does not define 'f'"


def test_progress_is_told_test_by_test(grader: object) -> None:
    from nbjudge_course.problem import Problem

    seen: list[Progress] = []
    tests = tuple(Test(name=str(n), source="pass") for n in range(3))
    problem = Problem(id="x", title="X", tests=tests)
    grader.grade(problem, "", "python", progress=seen.append)  # type: ignore[attr-defined]  # a grader
    assert [(p.done, p.total) for p in seen] == [(0, 3), (1, 3), (2, 3)]


# ---- Limits


def test_a_test_that_hangs_costs_that_test_only(grade: Grade) -> None:
    source = "def f(x):\n    while x: pass\n    return 5"
    verdict = grade(source, "assert f(1) == 5", "assert f(0) == 5", limits=Limits(cpu_seconds=0.3))
    assert [t.status for t in verdict.tests] == [Status.TIME_LIMIT_EXCEEDED, Status.ACCEPTED]
    assert (verdict.status, verdict.cause) == (Status.PARTIAL, Status.TIME_LIMIT_EXCEEDED)


def test_sleeping_is_limited_by_the_wall_clock(grade: Grade) -> None:
    source = "import time\ndef f(): time.sleep(60)"
    verdict = grade(source, "f()", limits=Limits(wall_seconds=0.5))
    assert verdict.status is Status.TIME_LIMIT_EXCEEDED


def test_the_examiners_own_time_is_not_the_students(grade: Grade) -> None:
    test = "import time\ntime.sleep(0.6)\nsum(range(3_000_000))\nassert f() == 1"
    verdict = grade("def f(): return 1", test, limits=Limits(wall_seconds=0.5, cpu_seconds=0.1))
    assert verdict.status is Status.ACCEPTED


def test_a_test_may_set_a_tighter_limit(grade: Grade) -> None:
    source = "def f():\n    for _ in range(10**9): pass"
    verdict = grade(
        source, "with time_limit(0.2):\n    f()", limits=Limits(cpu_seconds=30, wall_seconds=60)
    )
    assert verdict.status is Status.TIME_LIMIT_EXCEEDED


def test_memory_is_limited(grade: Grade) -> None:
    source = "def f():\n    hoard = []\n    while True: hoard.append(bytearray(10**6))"
    assert grade(source, "f()").status is Status.MEMORY_LIMIT_EXCEEDED


def test_output_is_limited(grade: Grade) -> None:
    assert grade("while True: print('x' * 1000)", "pass").status is Status.OUTPUT_LIMIT_EXCEEDED


@pytest.mark.parametrize("end", ["os._exit(0)", "os.abort()", "ctypes.string_at(0)"])
def test_code_that_ends_its_process_is_a_runtime_error(grade: Grade, end: str) -> None:
    verdict = grade(f"import ctypes, os\ndef f(): {end}", "f()", "assert 1 + 1 == 2")
    assert [t.status for t in verdict.tests] == [Status.RUNTIME_ERROR, Status.ACCEPTED]


# ---- Programs


def test_a_program_reads_its_input_and_is_started_anew_for_each_run(grade: Grade) -> None:
    source = (
        "import sys\nn = int(input())\nprint(n * 2)\nprint('done', file=sys.stderr)\nsys.exit(n)"
    )
    test = (
        "first = run('0\\n')\nassert (first.stdout, first.stderr, first.exit_code) == ('0\\n', 'done\\n', 0)\n"
        "assert run('4\\n').exit_code == 4"
    )
    assert grade(source, test, kind=Kind.PROGRAM).status is Status.ACCEPTED


def test_a_program_that_raises_is_a_runtime_error_and_not_wrong_output(grade: Grade) -> None:
    verdict = grade("int(input())", "assert run('x\\n').stdout == '8\\n'", kind=Kind.PROGRAM)
    assert verdict.status is Status.RUNTIME_ERROR
    assert "Cell, line 1" in verdict.tests[0].message


def test_arguments_and_a_name_guard(grade: Grade) -> None:
    source = "import sys\nif __name__ == '__main__':\n    print(sys.argv[1:])"
    test = "assert run(args=['a', 'b']).stdout == \"['a', 'b']\\n\""
    assert grade(source, test, kind=Kind.PROGRAM).status is Status.ACCEPTED


def test_up_to_the_first_failure_the_tests_behind_it_are_left_out(grader: SandboxedGrader) -> None:
    answers = (1, 2, 3)
    tests = tuple(Test(name=str(n), source=f"assert f({n}) == {n}", points=2) for n in answers)
    problem = Problem(id="x", title="X", tests=tests)
    verdict = grader.grade(problem, "def f(n):\n    return min(n, 1)", to_first_failure=True)
    assert [test.status for test in verdict.tests] == [Status.ACCEPTED, Status.WRONG_ANSWER]
    assert (verdict.status, verdict.cause) == (Status.PARTIAL, Status.WRONG_ANSWER)
