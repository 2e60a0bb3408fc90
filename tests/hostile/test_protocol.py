"""Sources and outputs that are hard to carry: odd bytes, odd sizes, odd depths."""

from pathlib import Path

import pytest
from graded_case import Case, check, read_targets, texts

CHECKSUM = read_targets(Path(__file__).parent / "targets.toml")["checksum"]
RIGHT = "def checksum(text):\n    return sum(i * ord(c) for i, c in enumerate(text, 1)) * 4099\n"
WRONG = "def checksum(text):\n    return 0\n"
BROKEN = ("compile_error", "runtime_error", "memory_limit_exceeded", "time_limit_exceeded")
FAILED = ("wrong_answer", "runtime_error")

HARD = {
    "a NUL byte": (RIGHT + "\0", BROKEN),
    "a NUL byte in a string": (RIGHT + "x = 'a\0b'\n", BROKEN),
    "a lone surrogate": (RIGHT + "x = '\ud800'\n", BROKEN),
    "nothing": ("", FAILED),
    "only comments": ("# checksum\n" * 1000, FAILED),
    "only blanks": (" \t\n\f\n" * 1000, (*BROKEN, *FAILED)),
    "deep parentheses": ("(" * 10_000 + ")" * 10_000, BROKEN),
    "deep lists": ("x = " + "[" * 50_000 + "]" * 50_000, BROKEN),
    "a long sum": ("x = " + "+".join("1" * 100_000) + "\n" + WRONG, (*BROKEN, *FAILED)),
    "many minus signs": ("x = " + "-" * 200_000 + "1\n" + WRONG, (*BROKEN, *FAILED)),
    "many attributes": ("x" + ".a" * 100_000 + "\n" + WRONG, (*BROKEN, *FAILED)),
    "deep blocks": ("".join(" " * n + "if 1:\n" for n in range(200)), BROKEN),
    "nested f-strings": ("x = " + 'f"{' * 500, BROKEN),
    "many magics": ("%matplotlib inline\n" * 20_000 + WRONG, (*BROKEN, *FAILED)),
    "a huge power to fold": ("x = 'a' * 10**9 * 10**9\n" + WRONG, (*BROKEN, *FAILED)),
    "five million letters": ("x = '" + "a" * 5_000_000 + "'\n" + WRONG, (*BROKEN, *FAILED)),
    "one long line of statements": ("x=1;" * 200_000 + "\n" + WRONG, (*BROKEN, *FAILED)),
    "a look-alike name": (RIGHT.replace("checksum", "ch\u0435cksum"), FAILED),
    "tabs and blanks": ("def checksum(text):\n\tx = 1\n        return x\n", BROKEN),
    "a false encoding": ("# -*- coding: no-such-code -*-\n" + WRONG, (*BROKEN, *FAILED)),
    "output that is no text": (
        "import os\ndef checksum(text):\n    os.write(1, bytes(range(256)))\n",
        FAILED,
    ),
    "a half of a letter": ("print('\\ud83d')\ndef checksum(text):\n    return '\\ud83d'\n", FAILED),
    "a surrogate raised": (
        "def checksum(text):\n    raise ValueError('\\udcff\\ud800' + '\\0')\n",
        ("runtime_error",),
    ),
    "a surrogate in the name of a class": (
        "def checksum(text):\n    return type('\\ud800', (), {})()\n",
        FAILED,
    ),
    "a huge name of an exception": (
        "def checksum(text):\n    raise type('E' * 1_000_000, (Exception,), {})\n",
        ("runtime_error",),
    ),
    "an endless name of a function": (
        "def checksum(text):\n    0\nchecksum.__name__ = checksum.__qualname__ = 'x' * 10**6\n",
        FAILED,
    ),
    "a traceback of huge lines": ("x = 1/0 #" + "a" * 500_000, ("runtime_error",)),
}

FINE = {
    "a byte order mark": "\ufeff" + RIGHT,
    "lines as in Windows": RIGHT.replace("\n", "\r\n"),
    "lines as in an old Mac": RIGHT.replace("\n", "\r"),
    "form feeds": "\f\n" + RIGHT,
    "no newline at the end": RIGHT.rstrip("\n"),
    "60 KiB of comments": "# a comment\n" * 5_000 + RIGHT,
    "an encoding line": "# -*- coding: utf-8 -*-\n" + RIGHT,
    "a cell that says its problem": "#| problem: checksum\n" + RIGHT,
    "a magic for the whole cell": "%%time\n" + RIGHT,
}

LOUD = "\x1b[31m<script>alert(1)</script>![x](javascript:alert(1))\x1b]0;title\x07\u202e\u2066\x9b"


def case(name: str, source: str, verdicts: tuple[str, ...]) -> Case:
    return Case(name, CHECKSUM, source, "python", verdicts)


@pytest.mark.parametrize("name", HARD)
def test_a_source_that_is_hard_to_carry_gets_a_verdict(grader, host, honest, name):
    source, verdicts = HARD[name]

    check(case(name, source, verdicts), grader.grade(CHECKSUM, source, "python"))
    check(honest, grader.grade(honest.problem, honest.source, honest.language))
    host.check()


@pytest.mark.parametrize("name", FINE)
def test_an_honest_source_in_an_odd_form_is_accepted(grader, name):
    check(case(name, FINE[name], ("accepted",)), grader.grade(CHECKSUM, FINE[name], "python"))


def test_no_text_of_a_verdict_is_larger_than_a_screen_can_bear(grader):
    source = "def checksum(text):\n    print('x' * 60_000)\n    raise ValueError('y' * 10**7)\n"

    verdict = grader.grade(CHECKSUM, source, "python")

    assert verdict.status == "runtime_error"
    assert len(texts(verdict)) < 256 * 1024


@pytest.mark.parametrize(
    "body",
    ["print(LOUD)", "return LOUD", "raise ValueError(LOUD)", "raise type(LOUD, (Exception,), {})"],
)
def test_no_control_character_reaches_a_screen(grader, body):
    source = f"LOUD = {LOUD!r}\ndef checksum(text):\n    {body}\n"

    told = texts(grader.grade(CHECKSUM, source, "python"))

    assert [c for c in "\x1b\x07\x9b\0\u202e\u2066" if c in told] == []
