"""`unittest` in a test cell: its cases are found there, and one that fails fails the test.

In a notebook `unittest.main(argv=[""], exit=False)` and a runner only print what failed.
"""

import difflib
import io
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from nbjudge_worker.examiner.differences import shown

_MAX_LINES = 40
_MAX_LINE = 200


def install(names: dict[str, Any]) -> None:
    """Let `unittest` find its cases among these names, and raise what fails in them."""
    import unittest  # noqa: PLC0415  # it makes every process larger, and few need it

    class Result(unittest.TextTestResult):
        """Remembers the first error as it was raised."""

        first: BaseException | None = None

        def addFailure(self, test: Any, err: Any) -> None:  # noqa: N802  # as in unittest
            self.first = self.first or err[1]
            super().addFailure(test, err)

        def addError(self, test: Any, err: Any) -> None:  # noqa: N802  # as in unittest
            self.first = self.first or err[1]
            super().addError(test, err)

        def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:  # noqa: N802  # as in unittest
            self.first = self.first or (err and err[1])
            super().addSubTest(test, subtest, err)

    sys.modules["__main__"] = _Main(names)
    case: Any = unittest.case
    case.pprint = types.SimpleNamespace(pformat=shown)  # an answer may be larger than it can bear
    case.difflib = types.SimpleNamespace(ndiff=_difference)
    runner: Any = unittest.TextTestRunner
    runner.resultclass = Result
    runner.run = _raising(runner.run)
    unittest.main = _program(unittest.main)  # type: ignore[assignment]  # called in the same way


class _Main(types.ModuleType):
    """The module that a test cell is written in, as in a notebook."""

    def __init__(self, names: dict[str, Any]) -> None:
        super().__init__("__main__")
        self.__dict__["_names"] = names

    def __dir__(self) -> list[str]:
        return list(self._names)

    def __getattr__(self, name: str) -> Any:
        names: dict[str, Any] = self.__dict__["_names"]
        if name not in names:
            raise AttributeError(name)
        return dict.__getitem__(names, name)  # never one of the student's


def _difference(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    """Compare the first lines: the time that it takes grows with more than their square."""
    one, other = ([line[:_MAX_LINE] for line in text[:_MAX_LINES]] for text in (one, other))
    return difflib.ndiff(one, other)


def _program(main: Callable[..., Any]) -> Callable[..., Any]:
    """Return `unittest.main`, which never ends the process, nor reads the arguments of this one."""

    def program(
        module: Any = "__main__", default: Any = None, argv: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        default = kwargs.pop("defaultTest", default)
        return main(module, default, argv or ["test"], *args, **{**kwargs, "exit": False})

    return program


def _raising(run: Callable[..., Any]) -> Callable[..., Any]:
    def raising(self: Any, test: Any) -> Any:
        self.stream.stream = io.StringIO()  # what it prints is for nobody
        result = run(self, test)
        first = getattr(result, "first", None)
        if first is not None:
            raise first
        if not result.wasSuccessful():
            raise AssertionError("a case passed that should not")
        if not result.testsRun:
            raise AssertionError("there is no case to run")
        return result

    return raising
