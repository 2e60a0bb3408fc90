"""Checkers: what in a program's output counts, and what does not.

A checker brings a text into the form that is compared: `check(run("3 4"), "7", tokens)`. It needs
nothing but the standard library, for it runs in the examiner's box as well.
"""

import math
from collections.abc import Callable
from typing import Any

Checker = Callable[[str], Any]


class Mismatch(AssertionError):
    """A comparison that did not hold, with how both sides look."""

    def __init__(self, message: str, expected: str | None, got: str | None) -> None:
        super().__init__(message)
        self.expected, self.got = expected, got


def exact(text: str) -> str:
    """Every character counts, but for how lines end."""
    return text.replace("\r\n", "\n")


def tokens(text: str) -> list[str]:
    """Return the words; how many blanks and line ends stand between them does not matter."""
    return text.split()


def lines(text: str) -> list[str]:
    """Return the lines, without blanks at their ends and without empty lines at the end."""
    return [line.rstrip() for line in text.rstrip().splitlines()]


def unordered(text: str) -> list[str]:
    """Return the lines that are not empty, sorted: their order does not matter."""
    return sorted(line for line in lines(text) if line)


def numbers(text: str) -> list[float]:
    """Return the words as numbers. Raises Mismatch when one is none."""
    found = []
    for word in text.split():
        try:
            found.append(float(word))
        except ValueError:
            raise Mismatch(f"{word[:80]!r} is no number", None, text) from None
    return found


def floats(tolerance: float = 1e-6) -> Checker:
    """Return a checker of words of which numbers may be off, absolutely or relatively, by so much.

    Whether a word is a number is for the expected output to say.
    """
    return lambda text: [_Near(word, tolerance) for word in text.split()]


def check(got: object, expected: str, checker: Checker = tokens) -> None:
    """Assert that an output is right. `got` is a run, or the text itself. Raises Mismatch."""
    exit_code = getattr(got, "exit_code", 0)
    assert exit_code == 0, f"the program ended with exit code {exit_code}"
    text = str(getattr(got, "stdout", got))
    if checker(expected) != checker(text):
        raise Mismatch(_difference(expected, text), expected, text)


class _Near:
    """A word, equal to a number that is near when it is a number itself."""

    def __init__(self, word: str, tolerance: float) -> None:
        self._word, self._tolerance = word, tolerance

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, _Near):
            return NotImplemented
        expected, actual = _number(self._word), _number(other._word)
        if expected is None or actual is None:
            return self._word == other._word
        if expected == actual:
            return True
        if not (math.isfinite(expected) and math.isfinite(actual)):
            return math.isnan(expected) and math.isnan(actual)
        return abs(expected - actual) <= self._tolerance * max(1.0, abs(expected))

    def __hash__(self) -> int:
        return 0


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None


def _difference(expected: str, got: str) -> str:
    """Name the first line that differs."""
    wanted, came = lines(expected), lines(got)
    for number, (one, other) in enumerate(zip(wanted, came, strict=False), 1):
        if one != other:
            return f"the output differs in line {number}"
    if len(wanted) != len(came):
        return f"the output has {len(came)} lines, not {len(wanted)}"
    return "the output differs in its blanks"
