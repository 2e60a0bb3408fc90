"""Arrays and tables by value: numpy arrays and scalars, pandas Series, DataFrames and indexes.

The libraries are used only when the process has them already: a value of numpy cannot come
from code that never imported it, and reading one imports it.
"""

import base64
import math
import sys
from collections.abc import Callable
from typing import Any

from nbjudge_worker.codec.frames import Frames

_KINDS = frozenset("biufcSUMm")  # types whose bytes are their value; objects go item by item

_ATTACHED_FROM_BYTES = 8 * 1024

Encode = Callable[[Any], Any]


class Raw:
    """A large array as the bytes in memory, which `refer` attaches to the message, or packs."""

    def __init__(self, array: Any) -> None:
        self._array = array

    def attached(self, frames: Frames) -> Any:
        """Send the bytes beside the JSON; return what the JSON says of them."""
        flat = sys.modules["numpy"].ascontiguousarray(self._array).reshape(-1)
        start = frames.attach(memoryview(flat.view("u1")))  # times have no buffer of their own kind
        return {"@": [flat.dtype.str, list(self._array.shape), start]}

    def packed(self) -> Any:
        """Return the array as JSON alone."""
        return _packed_array(self._array)


def read_attached(content: Any, frames: Frames) -> Any:
    """Return the array, which lives on in the bytes that came with the message."""
    dtype, shape, start = content
    sides = _shape(shape)
    return (
        _numpy()
        .frombuffer(frames.attached, _dtype(dtype), count=math.prod(sides), offset=int(start))
        .reshape(sides)
    )


def to_json(value: Any, encode: Encode, refer: Encode) -> Any:
    """Return a numpy or pandas value as json can write it; None for any other.

    `refer` writes a large array, given as Raw.
    """
    module = type(value).__module__.partition(".")[0]
    numpy = sys.modules.get("numpy")
    lineage = type(value).__mro__
    if numpy is not None and numpy.ndarray in lineage:
        return _array(numpy, value, encode, refer)
    if numpy is not None and numpy.generic in lineage:
        return {"A": [value.dtype.str, _packed(value.tobytes())]} if _plain(value.dtype) else None
    pandas = sys.modules.get("pandas")
    if pandas is None or module != "pandas":
        return None
    return _moment(pandas, value) or _table(pandas, value, encode)


def _plain(dtype: Any) -> bool:
    return dtype.kind in _KINDS and dtype.names is None


def _packed(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _packed_array(value: Any) -> Any:
    return {"a": [value.dtype.str, list(value.shape), _packed(value.tobytes())]}


def _array(numpy: Any, value: Any, encode: Encode, refer: Encode) -> Any:
    value = numpy.ndarray.view(value, numpy.ndarray)
    if _plain(value.dtype):
        return refer(Raw(value)) if value.nbytes >= _ATTACHED_FROM_BYTES else _packed_array(value)
    if value.dtype.kind == "O":
        return {"ao": [list(value.shape), encode(value.ravel().tolist())]}
    return None


def _moment(pandas: Any, value: Any) -> Any:
    if type(value) is pandas.Timestamp:
        return {"pt": [value.isoformat(), None if value.tzinfo is None else str(value.tzinfo)]}
    if value is pandas.NaT or value is pandas.NA:
        return {"pn": "NaT" if value is pandas.NaT else "NA"}
    if type(value) is pandas.Timedelta:
        return {"pd": value.isoformat()}
    return None


def _table(pandas: Any, value: Any, encode: Encode) -> Any:
    if isinstance(value, pandas.DataFrame):
        columns = [_column(value.iloc[:, n].array, encode) for n in range(value.shape[1])]
        return {
            "P": [
                columns,
                _index(pandas, value.columns, encode),
                _index(pandas, value.index, encode),
            ]
        }
    if isinstance(value, pandas.Series):
        return {
            "S": [
                _column(value.array, encode),
                encode(value.name),
                _index(pandas, value.index, encode),
            ]
        }
    if isinstance(value, pandas.Index):
        return {"I": _index(pandas, value, encode)}
    return None


def _column(array: Any, encode: Encode) -> Any:
    """Return a column as the name of its type and its items."""
    numpy = sys.modules["numpy"]
    raw = array.to_numpy() if hasattr(array, "to_numpy") else numpy.asarray(array)
    if _plain(raw.dtype) and str(array.dtype) == str(raw.dtype):
        return ["", encode(raw)]
    return [str(array.dtype), encode(list(array))]


def _index(pandas: Any, index: Any, encode: Encode) -> Any:
    if isinstance(index, pandas.RangeIndex):
        return ["range", [index.start, index.stop, index.step], encode(index.name)]
    if isinstance(index, pandas.MultiIndex):
        return ["multi", encode([tuple(row) for row in index]), encode(list(index.names))]
    column = _column(index.array, encode)
    return ["plain", column, encode(index.name), getattr(index, "freqstr", None)]


# ---- Reading


def _numpy() -> Any:
    import numpy  # noqa: PLC0415  # only when a value needs it

    return numpy


def _pandas() -> Any:
    import pandas  # noqa: PLC0415  # only when a value needs it

    return pandas


def _dtype(text: Any) -> Any:
    dtype = _numpy().dtype(str(text)[:32])
    if not _plain(dtype):
        raise ValueError("a type of array that has no plain bytes")
    return dtype


def _read_array(content: Any) -> Any:
    dtype, shape, data = content
    flat = _numpy().frombuffer(base64.b64decode(data), dtype=_dtype(dtype))
    return flat.reshape(_shape(shape)).copy()


def _shape(shape: Any) -> tuple[int, ...]:
    if type(shape) is not list or len(shape) > 32:
        raise ValueError("a shape that cannot be")
    return tuple(int(side) for side in shape)


def _read_objects(content: Any) -> Any:
    shape, items = content
    flat = _numpy().empty(len(items), dtype=object)
    flat[:] = items
    return flat.reshape(_shape(shape))


def _read_scalar(content: Any) -> Any:
    dtype, data = content
    [scalar] = _numpy().frombuffer(base64.b64decode(data), dtype=_dtype(dtype))
    return scalar


def _read_column(content: Any) -> Any:
    dtype, items = content
    if not dtype:
        return items
    return _pandas().array(items, dtype=_known_dtype(dtype))


_EXTENSION_TYPES = ("Int", "UInt", "Float", "boolean", "string", "str", "category", "datetime64[",
                    "timedelta64[", "object", "period[", "interval[")  # fmt: skip


def _known_dtype(name: Any) -> str:
    if not str(name).startswith(_EXTENSION_TYPES) or len(name) > 64:
        raise ValueError("a type of column that is not known")
    return str(name)


def _read_index(content: Any) -> Any:
    kind, items, name, *frequency = content
    pandas = _pandas()
    if kind == "range":
        return pandas.RangeIndex(*items, name=name)
    if kind == "multi":
        return pandas.MultiIndex.from_tuples([tuple(row) for row in items], names=name)
    index = pandas.Index(_read_column(items), name=name)
    if frequency and frequency[0] is not None and isinstance(index, pandas.DatetimeIndex):
        index.freq = str(frequency[0])[:32]
    return index


def _read_moment(content: Any) -> Any:
    text, zone = content
    moment = _pandas().Timestamp(text)
    return moment if zone is None else moment.tz_convert(str(zone)[:64])


def _read_series(content: Any) -> Any:
    column, name, index = content
    return _pandas().Series(_read_column(column), index=_read_index(index), name=name)


def _read_frame(content: Any) -> Any:
    columns, names, index = content
    pandas = _pandas()
    rows = _read_index(index)
    frame = pandas.DataFrame(
        {n: pandas.Series(_read_column(column), index=rows) for n, column in enumerate(columns)},
        index=rows,
    )
    frame.columns = _read_index(names)
    return frame


READERS: dict[str, Callable[[Any], Any]] = {
    "a": _read_array,
    "ao": _read_objects,
    "A": _read_scalar,
    "S": _read_series,
    "P": _read_frame,
    "I": _read_index,
    "pt": _read_moment,
    "pd": lambda c: _pandas().Timedelta(c),
    "pn": lambda c: _pandas().NaT if c == "NaT" else _pandas().NA,
}
