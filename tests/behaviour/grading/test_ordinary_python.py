"""A test cell is ordinary Python: what works in a notebook works when it is graded."""

from collections.abc import Callable

import pytest
from nbjudge_course.problem import Kind
from nbjudge_course.verdict import Status, Verdict

Grade = Callable[..., Verdict]

RAISING = """
import decimal, json, struct, subprocess
import numpy as np

def load(text): return json.loads(text)
def unpack(data): return struct.unpack("i", data)
def divide(a, b): return decimal.Decimal(a) / b
def run(): subprocess.run(["false"], check=True)
def invert(): return np.linalg.inv(np.zeros((2, 2)))
def read(): return open("nowhere").read()
def tagged():
    error = ValueError("no")
    error.code = 7
    error.add_note("try again")
    raise error
def chained():
    try: 1 / 0
    except ZeroDivisionError as error: raise ValueError("chained") from error
class Torn(json.JSONDecodeError): pass
def tear(): raise Torn("torn", "text", 1)
"""


@pytest.mark.parametrize(
    "test",
    [
        "import json\nwith raises(json.JSONDecodeError) as e: load('x')\nassert e.value.pos == 0",
        "import json\nwith raises(json.JSONDecodeError): tear()\nwith raises(Torn): tear()",
        "import struct\nwith raises(struct.error): unpack(b'')",
        "import decimal\nwith raises(decimal.DivisionByZero): divide(1, 0)",
        "import subprocess\nwith raises(subprocess.CalledProcessError) as e: run()\nassert e.value.returncode == 1",
        "import numpy as np\nwith raises(np.linalg.LinAlgError): invert()",
        "try: read()\nexcept OSError as e: assert (e.errno, e.filename) == (2, 'nowhere')",
        "with raises(ValueError) as e: tagged()\nassert e.value.code == 7\nassert e.value.__notes__ == ['try again']",
        "with raises(ValueError) as e: chained()\nassert isinstance(e.value.__cause__, ZeroDivisionError)",
    ],
)  # fmt: skip
def test_exceptions_of_the_standard_library_are_themselves(grade: Grade, test: str) -> None:
    verdict = grade(RAISING, test)
    assert verdict.status is Status.ACCEPTED, verdict.tests


CASES = """
import unittest
class Doubled(unittest.TestCase):
    def test_two(self):
        self.assertEqual(double(2), 4)
    def test_parts(self):
        for n in range(3):
            with self.subTest(n=n):
                self.assertEqual(double(n), 2 * n)
"""


@pytest.mark.parametrize(
    "run",
    [
        "unittest.main(argv=[''], exit=False)",
        "unittest.main()",
        "assert unittest.main(argv=['x'], exit=False).result.wasSuccessful()",
        "unittest.TextTestRunner().run(unittest.defaultTestLoader.loadTestsFromTestCase(Doubled))",
    ],
)
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("return 2 * n", Status.ACCEPTED),
        ("return n", Status.WRONG_ANSWER),
        ("return n / 0", Status.RUNTIME_ERROR),
        ("import unittest\n    raise unittest.SkipTest('no')", Status.RUNTIME_ERROR),
    ],
)
def test_cases_of_unittest_are_found_and_count(
    grade: Grade, run: str, body: str, status: Status
) -> None:
    assert grade(f"def double(n):\n    {body}", CASES + run).status is status


def test_a_runner_without_any_case_is_no_success(grade: Grade) -> None:
    verdict = grade("x = 1", "import unittest\nunittest.main(argv=[''], exit=False)")
    assert verdict.tests[0].message == "there is no case to run"


TALKING = """
import random
import numpy as np
def ask(): return input("name? ").upper()
def greet(name): print("Hello,", name)
def roll(): return random.randint(1, 1000), np.random.randint(1000)
def save(): return open("numbers").read()
"""


@pytest.mark.parametrize(
    "test",
    [
        "import contextlib, io\nwith contextlib.redirect_stdout(io.StringIO()) as out:\n    greet('Jo')\nassert out.getvalue() == 'Hello, Jo\\n'",
        "from unittest.mock import patch\nwith patch('builtins.input', side_effect=['a', 'b']):\n    assert ask() + ask() == 'AB'\nwith raises(EOFError): ask()",
        "from unittest.mock import patch\nwith patch('builtins.print') as told:\n    greet('Jo')\ntold.assert_called_once_with('Hello,', 'Jo')",
        "from unittest.mock import mock_open, patch\nwith patch('builtins.open', mock_open(read_data='12')):\n    assert save() == '12'",
        "import random\nrandom.seed(4)\none = roll()[0]\nrandom.seed(4)\nassert roll()[0] == one",
        "import numpy as np\nnp.random.seed(4)\none = roll()[1]\nnp.random.seed(4)\nassert roll()[1] == one",
    ],
)  # fmt: skip
def test_what_a_test_redirects_holds_for_the_students_code(grade: Grade, test: str) -> None:
    verdict = grade(TALKING, test, libraries=("numpy",))
    assert verdict.status is Status.ACCEPTED, verdict.tests


@pytest.mark.parametrize(
    ("source", "test"),
    [
        ("def f(q): q.rotate(1)", "from collections import deque\nq = deque([1, 2])\nf(q)\nassert q == deque([2, 1])"),
        ("def f(d): d.move_to_end('a')", "from collections import OrderedDict\nd = OrderedDict(a=1, b=2)\nf(d)\nassert list(d) == ['b', 'a']"),
        ("def f(d): d['x'].append(1)", "from collections import defaultdict\nd = defaultdict(list)\nf(d)\nassert d == {'x': [1]}"),
        ("def f(s): s.write('ab')", "import io\ns = io.StringIO('xyz')\nf(s)\nassert s.getvalue() == 'abz' and s.tell() == 2"),
        ("def f(s):\n    with s: pass", "import io\ns = io.StringIO('xyz')\nf(s)\nassert s.closed"),
        ("class V:\n    def __init__(self, n): self.n = n\n    def __divmod__(self, k): return V(self.n // k), V(self.n % k)", "a, b = divmod(V(7), 2)\nassert (a.n, b.n) == (3, 1)"),
        ("def f(p): return p.parent / 'b'", "from pathlib import Path\nassert f(Path('/a/c')) == Path('/a/b')"),
        ("def f(p): return p.sub('-', 'a1b2')", "import re\nassert f(re.compile('[0-9]')) == 'a-b-'"),
        ("from collections import OrderedDict\ndef f():\n    d = OrderedDict(a=1, b=2)\n    d.move_to_end('a')\n    return d", "assert list(f()) == ['b', 'a']"),
        ("from datetime import datetime\nfrom zoneinfo import ZoneInfo\ndef f(): return datetime(2024, 7, 1, tzinfo=ZoneInfo('Europe/Berlin'))", "assert f().utcoffset().seconds == 7200"),
        ("import pandas as pd\ndef f(): return pd.Series([1, 2], index=pd.date_range('2024-01-01', periods=2, tz='UTC'))", "import pandas as pd\npd.testing.assert_series_equal(f(), pd.Series([1, 2], index=pd.date_range('2024-01-01', periods=2, tz='UTC')))"),
    ],
)  # fmt: skip
def test_values_travel_as_what_they_are(grade: Grade, source: str, test: str) -> None:
    verdict = grade(source, test)
    assert verdict.status is Status.ACCEPTED, verdict.tests


ENUMERATIONS = """
from enum import Enum, Flag, IntEnum
class Color(Enum):
    RED = 1
    BLUE = (1, 2)
class Planet(Enum):
    EARTH = 5.97
    def heavy(self): return self.value > 1
    def __str__(self): return self.name.title()
class Level(IntEnum):
    LOW = 1
    HIGH = 2
class May(Flag):
    READ = 1
    WRITE = 2
def opposite(color): return Color.BLUE if color is Color.RED else Color.RED
def names(colors): return {color: color.name for color in colors}
def all_of_it(): return May.READ | May.WRITE
"""


@pytest.mark.parametrize(
    "test",
    [
        "assert opposite(Color.RED) == Color.BLUE and opposite(Color.BLUE) is Color.RED",
        "assert names([Color.RED]) == {Color.RED: 'RED'} and Color.BLUE.value == (1, 2)",
        "assert isinstance(opposite(Color.RED), Color) and not isinstance(3, Color)",
        "assert [color.name for color in Color] == ['RED', 'BLUE'] and Color['RED'] is Color(1)",
        "assert str(Color.RED) == 'Color.RED' and repr(Color.RED) == '<Color.RED: 1>'",
        "assert Planet.EARTH.heavy() and str(Planet.EARTH) == 'Earth' and Planet(5.97) is Planet.EARTH",
        "assert Level.HIGH == 2 and Level.LOW < Level.HIGH",
        "assert all_of_it() == May.READ | May.WRITE and May.READ in all_of_it()",
    ],
)  # fmt: skip
def test_enumerations_are_handed_there_and_back(grade: Grade, test: str) -> None:
    verdict = grade(ENUMERATIONS, test)
    assert verdict.status is Status.ACCEPTED, verdict.tests


OWN_KINDS = """
class Money(int):
    def half(self): return self // 2
class Name(str):
    def shout(self): return self.upper() + "!"
class Bag(list):
    def total(self): return sum(self)
class Vector(tuple):
    def __add__(self, other): return Vector(a + b for a, b in zip(self, other))
"""


@pytest.mark.parametrize(
    "test",
    [
        "assert Money(3) < Money(4) and Money(3) + Money(4) == 7 and sum([Money(3), Money(4)]) == 7",
        "assert max(Money(3), Money(4)) == 4 and sorted([Money(4), Money(3)]) == [3, 4] and Money(4).half() == 2",
        "assert Name('a') + Name('b') == 'ab' and Name('a') < Name('b') and Name('x').shout() == 'X!'",
        "b = Bag([1, 2])\nb.append(3)\nassert b == [1, 2, 3] and b.total() == 6 and b + Bag([4]) == [1, 2, 3, 4]",
        "assert Vector((1, 2)) + Vector((3, 4)) == (4, 6)",
    ],
)  # fmt: skip
def test_a_class_that_inherits_from_a_plain_type_behaves_like_it(grade: Grade, test: str) -> None:
    verdict = grade(OWN_KINDS, test)
    assert verdict.status is Status.ACCEPTED, verdict.tests


SHAPES = """
from abc import ABC, abstractmethod
class Shape(ABC):
    def __init__(self, name): self.name = name
    @abstractmethod
    def area(self): ...
    def describe(self): return f"{self.name} of {self.area()}"
def total(shapes): return sum(shape.area() for shape in shapes)
"""
SQUARE = """
class Square(Shape):
    def __init__(self, side):
        super().__init__("square")
        self.side = side
    def area(self): return self.side ** 2
    def describe(self): return "A " + super().describe()
    def __len__(self): return 4
    @property
    def width(self): return self.side
    @classmethod
    def unit(cls): return cls(1)
"""


@pytest.mark.parametrize(
    "test",
    [
        "assert total([Square(2), Square.unit()]) == 5",
        "assert Square(3).describe() == 'A square of 9'",
        "assert isinstance(Square(1), Shape) and issubclass(Square, Shape)",
        "assert len(Square(1)) == 4 and Square(7).width == 7",
        "class Large(Square):\n    def area(self): return super().area() + 100\nassert Large(2).area() == 104",
        "class Bare(Shape): pass\nwith raises(TypeError): Bare('x')",
    ],
)  # fmt: skip
def test_classes_of_a_test_inherit_from_the_students(grade: Grade, test: str) -> None:
    verdict = grade(SHAPES, SQUARE + test)
    assert verdict.status is Status.ACCEPTED, verdict.tests


def test_an_object_can_be_copied(grade: Grade) -> None:
    source = "class Tree:\n    def __init__(self, *parts): self.parts = list(parts)\n    def grow(self): self.parts.append(Tree())"
    test = "import copy\ntree = Tree(Tree())\nflat, deep = copy.copy(tree), copy.deepcopy(tree)\ntree.grow()\nassert (len(flat.parts), len(deep.parts)) == (2, 1)\nassert deep.parts[0] is not tree.parts[0] and flat.parts[0] is tree.parts[0]"
    verdict = grade(source, test)
    assert verdict.status is Status.ACCEPTED, verdict.tests


def test_an_assertion_in_a_method_fails_the_test_whoever_calls_it(grade: Grade) -> None:
    source = SHAPES.replace(
        "return f",
        "\n        try: self.area()\n        except BaseException: return ''\n        return f",
    )
    test = "class Square(Shape):\n    def area(self): assert self.name == 'x', 'a name'\nSquare('y').describe()"
    verdict = grade(source, test)
    assert verdict.tests[0].message == "a name"


CATCHING = """
from contextlib import contextmanager, asynccontextmanager
class Ignoring:
    def __init__(self, *kinds): self.kinds = kinds
    def __enter__(self): return self
    def __exit__(self, kind, error, trace):
        self.trace = trace
        return kind is not None and issubclass(kind, self.kinds)
    async def __aenter__(self): return self
    async def __aexit__(self, *told): return self.__exit__(*told)
    def fail(self): raise ValueError
@contextmanager
def ignoring(*kinds):
    try: yield Ignoring(*kinds)
    except kinds: pass
"""


@pytest.mark.parametrize("catching", ["with Ignoring", "with ignoring", "async with Ignoring"])
def test_a_context_manager_catches_errors_and_no_assertion(grade: Grade, catching: str) -> None:
    verdict = grade(
        CATCHING,
        f"{catching}(KeyError) as c:\n    assert c.kinds\n    {{}}[1]",
        f"{catching}(BaseException):\n    assert 1 == 2",
        f"{catching}(BaseException) as c:\n    assert c.fail() == 2",
        f"for n in range(3):\n    {catching}(KeyError):\n        assert n < 3\n        if n: continue",
    )
    statuses = [test.status for test in verdict.tests]
    wrong = Status.WRONG_ANSWER
    assert statuses == [Status.ACCEPTED, wrong, wrong, Status.ACCEPTED], verdict.tests


@pytest.mark.parametrize(
    ("test", "said"),
    [
        ("assert (f(np.arange(3)) == np.array([0, 1, 5])).all()", "1 of 3 items differ; the one at [2] is 2, and 5 was expected"),
        ("assert np.allclose(f(np.zeros((2, 2))), [[0, 0], [0, 1]])", "the type is ndarray, and list was expected"),
        ("assert np.array_equal(f(np.arange(3)), np.arange(4))", "the shape is (3,), and (4,) was expected"),
        ("assert f(pd.DataFrame({'a': [1, 2]})).equals(pd.DataFrame({'a': [1, 3]}))", "in row 1 of column 'a' is 2, and 3 was expected"),
        ("assert f(pd.DataFrame({'a': [1]})).equals(pd.DataFrame({'b': [1]}))", "the columns is ['a'], and ['b'] was expected"),
        ("assert f(pd.Series([1, 2])).equals(pd.Series([1.0, 2.0]))", "the type of the items is 'int64', and 'float64' was expected"),
        ("assert isinstance(f(1), str)", "assert isinstance(f(1), str)\nwhere f(1) is 1"),
        ("assert f(1) == 1 and f(2) == 3", "assert f(1) == 1 and f(2) == 3\nwhere f(1) is 1\nwhere f(2) is 2"),
        ("assert all(f(n) > 2 for n in [5, 1])", "assert all(f(n) > 2 for n in [5, 1])\nwhere f(n) is 1"),
    ],
)  # fmt: skip
def test_a_failed_assertion_says_what_came(grade: Grade, test: str, said: str) -> None:
    verdict = grade("def f(x): return x", test, setup="import numpy as np\nimport pandas as pd")
    assert verdict.tests[0].message == said


def test_the_traceback_of_a_program_has_its_own_lines(grade: Grade) -> None:
    source = "def f(n):\n    return 1 / n\nf(0)"
    message = grade(source, "assert run().stdout == 'x'", kind=Kind.PROGRAM).tests[0].message
    assert "Cell, line 2, in f\n    return 1 / n" in message


def test_a_call_that_raises_stop_iteration_ends_no_loop_of_the_test(grade: Grade) -> None:
    source = "def f(n): raise StopIteration(n)\ndef g():\n    got = yield\n    return got"
    verdict = grade(
        source,
        "assert all(map(f, [1, 2]))",
        "with raises(StopIteration) as e: f(3)\nassert e.value.value == 3",
        "echo = g()\nnext(echo)\ntry: echo.send(5)\nexcept Exception as e: assert e.value == 5",
    )
    statuses = [test.status for test in verdict.tests]
    assert statuses == [Status.RUNTIME_ERROR, Status.ACCEPTED, Status.ACCEPTED]
    assert verdict.tests[0].message.endswith("StopIteration: 1")


def test_a_context_manager_of_the_tests_own_goes_through_the_students_generator(
    grade: Grade,
) -> None:
    source = "def f():\n    try: yield 3\n    except KeyError: pass"
    test = "from contextlib import contextmanager\nwith contextmanager(f)() as n:\n    assert n == 3\n    {}[1]"
    assert grade(source, test).status is Status.ACCEPTED
