"""The language between candidate and examiner: plain data as JSON, and handles for the rest.

No pickle and no code, in either direction. It stands alone in the box: standard library only,
numpy and pandas when they are there.
"""

from nbjudge_worker.codec.arrays import Raw, read_attached
from nbjudge_worker.codec.frames import MAX_FRAME_BYTES, Frames, Hangup
from nbjudge_worker.codec.plain import BadValue, Refer, dumps, to_json
from nbjudge_worker.codec.reading import Decoder

__all__ = [
    "MAX_FRAME_BYTES",
    "BadValue",
    "Decoder",
    "Frames",
    "Hangup",
    "Raw",
    "Refer",
    "dumps",
    "read_attached",
    "to_json",
]
