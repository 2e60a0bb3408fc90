"""`raises` and `approx` as in pytest, and a module `pytest` that has them.

The names and meanings are those of pytest's documentation of `pytest.raises` and `pytest.approx`.
"""

import math
import re
import sys
import types
from typing import Any, NoReturn, Self


class ExceptionInfo:
    """What `raises` caught."""

    def __init__(self) -> None:
        self.value: Any = None

    @property
    def type(self) -> Any:
        """The class of the exception."""
        return type(self.value)

    def match(self, pattern: str) -> bool:
        """Assert that the pattern is found in the exception's text."""
        assert re.search(pattern, str(self.value)), (
            f"the message {str(self.value)!r} does not match {pattern!r}"
        )
        return True

    def __str__(self) -> str:
        return repr(self.value)


class _Raises:
    def __init__(self, expected: Any, match: str | None) -> None:
        self._expected, self._match = expected, match
        self._info = ExceptionInfo()

    def __enter__(self) -> ExceptionInfo:
        return self._info

    def __exit__(self, kind: Any, error: BaseException | None, _trace: Any) -> bool:
        if error is None:
            raise AssertionError(f"{_names(self._expected)} should have been raised")
        if not isinstance(error, self._expected):
            return False
        self._info.value = error
        if self._match is not None:
            self._info.match(self._match)
        return True


def raises(expected: Any, *call: Any, match: str | None = None, **kwargs: Any) -> Any:
    """Expect an exception, in a `with` or from the call of a function that is given as well."""
    expectation = _Raises(expected, match)
    if not call:
        return expectation
    function, *args = call
    with expectation as info:
        function(*args, **kwargs)
    return info


def _names(expected: Any) -> str:
    kinds = expected if isinstance(expected, tuple) else (expected,)
    return " or ".join(getattr(kind, "__name__", str(kind)) for kind in kinds)


class approx:  # noqa: N801  # named as in pytest
    """Equal within a tolerance: relative 1e-6 or absolute 1e-12, whichever is larger."""

    __array_ufunc__ = None
    __array_priority__ = 100

    def __init__(
        self,
        expected: Any,
        rel: float | None = None,
        abs: float | None = None,  # noqa: A002  # as in pytest
        nan_ok: bool = False,  # noqa: FBT001, FBT002  # as in pytest
    ) -> None:
        self.expected, self._rel, self._abs, self._nan_ok = expected, rel, abs, nan_ok

    def __eq__(self, actual: object) -> bool:
        try:
            return self._near(self.expected, actual)
        except (TypeError, ValueError):
            return False

    def __ne__(self, actual: object) -> bool:
        return not self == actual

    def __hash__(self) -> int:
        return hash(repr(self.expected))

    def __repr__(self) -> str:
        return f"{self.expected!r} (approximately)"

    def _near(self, expected: Any, actual: Any) -> bool:
        if isinstance(expected, dict):
            if not isinstance(actual, dict) or expected.keys() != actual.keys():
                return False
            return all(self._near(value, actual[key]) for key, value in expected.items())
        if _is_sequence(expected):
            if not _is_sequence(actual) or len(actual) != len(expected):
                return False
            return all(self._near(e, a) for e, a in zip(expected, actual, strict=True))
        return self._near_number(expected, actual)

    def _near_number(self, expected: Any, actual: Any) -> bool:
        if isinstance(expected, (bool, str, bytes)) or expected is None:
            return type(expected) is type(actual) and bool(expected == actual)
        if not isinstance(actual, (int, float, complex)) and not hasattr(actual, "dtype"):
            return hasattr(actual, "as_integer_ratio") and self._close(expected, actual)
        return self._close(expected, actual)

    def _close(self, expected: Any, actual: Any) -> bool:
        if expected == actual:
            return True
        if expected != expected or actual != actual:  # noqa: PLR0124  # only NaN differs from itself
            return self._nan_ok and expected != expected and actual != actual  # noqa: PLR0124
        if math.isinf(abs(expected)) or math.isinf(abs(actual)):
            return False
        return bool(abs(expected - actual) <= self._tolerance(expected))

    def _tolerance(self, expected: Any) -> Any:
        absolute = 1e-12 if self._abs is None else self._abs
        if self._rel is None and self._abs is not None:
            return absolute
        return max((1e-6 if self._rel is None else self._rel) * abs(expected), absolute)


def _is_sequence(value: Any) -> bool:
    return isinstance(value, (list, tuple, range)) or (
        hasattr(value, "__len__") and hasattr(value, "dtype") and getattr(value, "ndim", 1) > 0
    )


def fail(reason: str = "", pytrace: bool = True) -> NoReturn:  # noqa: FBT001, FBT002, ARG001  # as in pytest
    """Fail the test."""
    raise AssertionError(reason)


class _Mark:
    """Marks of pytest change nothing here: `@pytest.mark.timeout(3)` returns the function."""

    def __getattr__(self, name: str) -> Self:
        return self

    def __call__(self, *args: Any, **_: Any) -> Any:
        return args[0] if len(args) == 1 and callable(args[0]) else self


def install() -> None:
    """Let tests write `import pytest`."""
    module = types.ModuleType("pytest")
    module.__dict__.update(raises=raises, approx=approx, fail=fail, mark=_Mark())
    sys.modules["pytest"] = module
