"""Plain data crosses the line exactly, and nothing else ever comes out of a decoder."""

import collections
import datetime as dt
import decimal
import enum
import fractions
import json
import math
import socket
import struct
import threading
import uuid
import zoneinfo
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbjudge_worker.codec import BadValue, Decoder, Frames, Hangup, dumps, read_attached
from nbjudge_worker.codec.plain import MAX_DEPTH
from nbjudge_worker.codec.reading import EnumMember

DECODER = Decoder({})


def no_reference(value: Any) -> Any:
    raise AssertionError(f"{value!r} is plain data and needs no reference")


def crossed(value: Any) -> Any:
    return DECODER.loads(dumps(value, no_reference))


scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
    | st.complex_numbers() | st.decimals() | st.fractions() | st.dates() | st.times()
    | st.datetimes() | st.timedeltas() | st.uuids()
)  # fmt: skip
keys = st.integers() | st.text() | st.binary() | st.booleans()
plain = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner)
        | st.lists(inner).map(tuple)
        | st.dictionaries(keys, inner)
        | st.sets(keys)
        | st.frozensets(keys)
        | st.lists(inner).map(collections.deque)
    ),
    max_leaves=20,
)


def same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and repr(one) == repr(other)


@given(plain)
@settings(max_examples=300, deadline=None)
def test_plain_data_comes_out_as_it_went_in(value: Any) -> None:
    if isinstance(value, (set, frozenset)):
        assert crossed(value) == value
    else:
        assert same(crossed(value), value) or "{" in repr(value)


@pytest.mark.parametrize(
    "value",
    [
        1 << 20_000,
        -(1 << 5000),
        float("inf"),
        "\ud800 a lone surrogate",
        range(3, 9, 2),
        slice(1, None),
        ...,
        collections.Counter("banana"),
        collections.OrderedDict(b=1, a=2),
        dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC),
        dt.datetime(2026, 7, 2, 3, 4, tzinfo=zoneinfo.ZoneInfo("Europe/Berlin")),
        decimal.Decimal("1.20"),
        fractions.Fraction(-1, 3),
        uuid.UUID(int=7),
    ],
    ids=lambda value: type(value).__name__,
)
def test_the_usual_standard_types_are_plain_data(value: Any) -> None:
    assert crossed(value) == value
    assert type(crossed(value)) is type(value)


def test_a_minus_zero_and_a_nan_keep_what_they_are() -> None:
    assert math.copysign(1, crossed(-0.0)) == -1
    assert math.isnan(crossed(float("nan")))


def test_a_named_tuple_keeps_its_fields() -> None:
    point = crossed(collections.namedtuple("Point", "x y")(1, 2))
    assert (point.x, point.y) == (1, 2)
    assert point == (1, 2)


def test_an_enumeration_crosses_by_value() -> None:
    class Colour(enum.Enum):
        RED = 1

    assert crossed(Colour.RED) == EnumMember("Colour", "RED", 1)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(2, 3),
        np.array(["a", "bc"]),
        np.array([None, 1], dtype=object),
        np.zeros((0, 3)),
        np.array(["2026-01-01"], dtype="datetime64[D]"),
    ],
    ids=str,
)
def test_arrays_cross_by_value(array: Any) -> None:
    np.testing.assert_array_equal(crossed(array), array)
    assert crossed(array).dtype == array.dtype


def test_tables_cross_by_value() -> None:
    frame = pd.DataFrame(
        {"n": [1, 2], "s": ["x", "y"], "t": pd.to_datetime(["2026-01-01", None])}, index=["p", "q"]
    )
    pd.testing.assert_frame_equal(crossed(frame), frame)
    pd.testing.assert_series_equal(crossed(frame["n"]), frame["n"])
    days = pd.date_range("2026-01-01", periods=2, tz="Europe/Berlin")
    pd.testing.assert_series_equal(crossed(pd.Series([1, 2], days)), pd.Series([1, 2], days))
    grouped = frame.groupby(["s", "n"]).size()
    pd.testing.assert_series_equal(crossed(grouped), grouped)


def test_a_subclass_is_read_by_its_base_types_own_methods() -> None:
    class Liar(list[int]):
        def __iter__(self) -> Any:
            return iter([9])

        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    assert crossed(Liar([1, 2])) == [1, 2]
    assert type(crossed(Liar([1, 2]))) is list


def test_what_is_too_deep_goes_by_reference_and_does_not_overflow() -> None:
    deep: list[Any] = []
    for _ in range(MAX_DEPTH * 50):
        deep = [deep]
    assert "there" in dumps(deep, lambda _: "there")


def test_a_list_that_holds_itself_goes_by_reference() -> None:
    knot: list[Any] = []
    knot.append(knot)
    assert "there" in dumps(knot, lambda _: "there")


ALLOWED = (
    type(None), bool, int, float, str, bytes, bytearray, complex, list, tuple, dict, set, frozenset,
    range, slice, collections.deque, decimal.Decimal, fractions.Fraction, dt.date, dt.time,
    dt.timedelta, uuid.UUID, EnumMember, type(...), type(NotImplemented), np.ndarray, np.generic,
    pd.Series, pd.DataFrame, pd.Index, pd.Timestamp, pd.Timedelta, type(pd.NaT), type(pd.NA),
)  # fmt: skip

TAGS = ["t", "m", "O", "C", "s", "z", "q", "b", "y", "c", "i", "r", "sl", "D", "F", "dt", "da",
        "ti", "td", "u", "k", "n", "e", "a", "ao", "A", "S", "P", "I", "pt", "pd", "pn", "df", "zz"]  # fmt: skip

forged = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=5)
    | st.sampled_from(["<f8", "O", "V8", "object", "category", "AAAAAAAA8D8=", "Ellipsis"]),
    lambda inner: st.lists(inner, max_size=6)
    | st.builds(lambda tag, content: {tag: content}, st.sampled_from(TAGS), inner),
    max_leaves=30,
)  # fmt: skip


@given(forged)
@settings(max_examples=1000, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_a_forged_message_gives_listed_types_or_a_bad_value(message: Any) -> None:
    try:
        value = DECODER.loads(json.dumps(message))
    except BadValue:
        return
    assert isinstance(value, ALLOWED)


@given(st.text())
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_value_or_a_bad_value(text: str) -> None:
    try:
        value = DECODER.loads(text)
    except BadValue:
        return
    assert isinstance(value, ALLOWED)


@given(st.binary(max_size=64))
@settings(max_examples=300, deadline=None)
def test_any_bytes_on_the_line_are_frames_or_a_hangup(data: bytes) -> None:
    here, there = socket.socketpair()
    with here, there:
        there.sendall(data)
        there.shutdown(socket.SHUT_WR)
        frames = Frames(here)
        with pytest.raises(Hangup):
            while True:
                assert isinstance(frames.receive(), str)


def test_a_frame_that_claims_to_be_huge_is_a_hangup_and_no_memory() -> None:
    here, there = socket.socketpair()
    with here, there:
        there.sendall(struct.pack(">I", 0xFFFFFFFF))
        with pytest.raises(Hangup, match="a frame of"):
            Frames(here).receive()


def test_a_message_in_pieces_is_put_together() -> None:
    here, there = socket.socketpair()
    with here, there:
        for part in (b"\0\0", b"\0\x03ab", b"c\0\0\0\x01", b"d"):
            there.sendall(part)
        frames = Frames(here)
        assert [frames.receive(), frames.receive()] == ["abc", "d"]


def over_a_line(value: Any) -> Any:
    """Return what arrives of a value whose large arrays are attached."""
    here, there = socket.socketpair()
    with here, there:
        sender, receiver = Frames(here), Frames(there)
        text = dumps(value, lambda part: part.attached(sender))
        thread = threading.Thread(target=sender.send, args=(text,))
        thread.start()
        decoder = Decoder({"@": lambda content: read_attached(content, receiver)})
        received = decoder.loads(receiver.receive())
        thread.join()
    return received


LARGE = [
    np.arange(300_000.0).reshape(300, 1000),
    np.arange(300_000)[::-3],
    np.asfortranarray(np.arange(90_000).reshape(300, 300)),
    np.zeros((2000, 10), bool),
    np.array(["ß" * 9000]),
    np.array("x" * 9000),
    np.arange(5000).astype("datetime64[s]"),
    np.arange(20_000).astype(">i4"),
]


@pytest.mark.parametrize("array", LARGE, ids=lambda a: f"{a.dtype} {a.shape}")
def test_a_large_array_crosses_beside_the_json(array: Any) -> None:
    [first, crossed, last] = over_a_line([array, {"a": array}, 1])
    for read in (first, crossed["a"]):
        assert read.dtype == array.dtype
        np.testing.assert_array_equal(read, array)
        assert read.flags.writeable
    assert last == 1


def test_a_table_of_large_columns_crosses() -> None:
    table = pd.DataFrame({"x": np.arange(10_000.0), "y": np.arange(10_000)})
    pd.testing.assert_frame_equal(over_a_line(table), table)


def test_messages_without_attachments_follow_one_with_them() -> None:
    here, there = socket.socketpair()
    with here, there:
        sender, receiver = Frames(here), Frames(there)
        start = sender.attach(memoryview(b"abc"))
        second = sender.attach(memoryview(b"defg"))
        sender.send("[1]")
        sender.send("[2]")
        assert receiver.receive() == "[1]"
        assert (receiver.attached[start : start + 3], start) == (b"abc", 0)
        assert receiver.attached[second:] == b"defg"
        assert receiver.receive() == "[2]"


@given(
    st.binary(max_size=200), st.text(max_size=8), st.lists(st.integers(), max_size=3), st.integers()
)
@settings(max_examples=200, deadline=None)
def test_a_forged_attachment_is_an_array_or_a_bad_value(
    data: bytes, dtype: str, shape: list[int], start: int
) -> None:
    here, there = socket.socketpair()
    with here, there:
        receiver = Frames(there)
        receiver.attached = bytearray(data)
        decoder = Decoder({"@": lambda content: read_attached(content, receiver)})
        for kind in (dtype, "<f8", "O", "|V4"):
            try:
                value = decoder.loads(json.dumps({"@": [kind, shape, start]}))
            except BadValue:
                continue
            assert type(value) is np.ndarray
            assert value.dtype.kind in "biufcSUMm"
            assert value.nbytes <= len(data)


def test_attachments_that_claim_to_be_huge_are_a_hangup_and_no_memory() -> None:
    here, there = socket.socketpair()
    with here, there:
        here.sendall(struct.pack(">II", 1 << 31 | 2, 1 << 31) + b"[]")
        with pytest.raises(Hangup):
            Frames(there).receive()
