"""What the student's code may do with an object of the test, asked as it would ask."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from unittest import TestCase
from unittest.mock import AsyncMock, MagicMock, Mock, NonCallableMock, create_autospec

import pytest
from nbjudge_worker.examiner.visits import Visits


@dataclass
class Point:
    x: int = 0
    y: Any = None


class Behind:
    """Reaches what another object has."""

    def __init__(self, inner: object) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


class Slots:
    __slots__ = ("count", "send")


class Log:
    lines: tuple[str, ...] = ()
    spare = Mock()

    def __init__(self) -> None:
        self.told = print
        self.sent = Mock()
        self.behind = 0

    def check(self) -> None: ...

    @classmethod
    def made(cls) -> None: ...

    @staticmethod
    def done() -> None: ...

    @cached_property
    def total(self) -> int:
        return 7

    @property
    def limit(self) -> int:
        return 7

    @property
    def level(self) -> int:
        return self.behind

    @level.setter
    def level(self, level: int) -> None:
        self.behind = level


def ask(op: str, value: object, *args: object) -> Any:
    visits = Visits()
    visits.refer(value)
    return visits.answer(op, 0, args, {})


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Point(), "x"),
        (Point(y=[1]), "y"),
        (Point(), "new"),
        (Log(), "lines"),
        (Log(), "level"),
        (Slots(), "count"),
        (Behind(Point()), "x"),
        (Log, "lines"),
    ],
)
def test_plain_attributes_can_be_set(value: Any, name: str) -> None:
    ask("setattr", value, name, 5)
    assert getattr(value, name) == 5


def slots_with_a_mock() -> Slots:
    slots = Slots()
    slots.send = Mock()
    return slots


@pytest.mark.parametrize(
    ("value", "name"),
    [
        *((Log(), name) for name in ("check", "made", "done", "total", "limit", "told", "sent")),
        *((Log, name) for name in ("check", "made", "done", "spare", "mro")),
        (Log(), "spare"),
        (slots_with_a_mock(), "send"),
        (Behind(Log()), "check"),
        (Point(), "__class__"),
        *((Mock(), name) for name in ("called", "return_value", "new")),
    ],
)
def test_what_the_test_may_call_cannot_be_replaced(value: Any, name: str) -> None:
    with pytest.raises(AttributeError):
        ask("setattr", value, name, 5)


OF_MOCKS = [
    "assert_called", "assert_called_once_with", "assert_has_calls", "attach_mock", "call_args",
    "call_args_list", "call_count", "called", "configure_mock", "method_calls", "mock_add_spec",
    "mock_calls", "reset_mock", "return_value", "side_effect",
]  # fmt: skip


@pytest.mark.parametrize("mock", [Mock(), MagicMock(), AsyncMock(), Mock(spec=Log)])
@pytest.mark.parametrize("name", OF_MOCKS)
def test_a_mock_does_not_tell_what_it_has_recorded(mock: Mock, name: str) -> None:
    with pytest.raises(AttributeError):
        ask("attr", mock, name)


def test_a_mock_is_called_and_its_children_are_reached() -> None:
    mock = Mock(rate=4)
    assert ask("attr", mock, "rate") == 4
    assert ask("attr", mock, "send") is mock.send
    assert ask("call", mock, "x") is mock.return_value
    mock.assert_called_once_with("x")


@pytest.mark.parametrize("value", [TestCase(), create_autospec(print), NonCallableMock()])
def test_nothing_is_set_on_what_checks(value: object) -> None:
    with pytest.raises(AttributeError):
        ask("setattr", value, "assertEqual", print)
