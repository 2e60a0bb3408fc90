# /// case
# target = "matrix"
# verdicts = ["wrong_answer", "runtime_error", "memory_limit_exceeded"]
# ///
import gc
import struct

import numpy as np

FORGED = [
    '["v",{"@":["<f8",[2,2],-32]},[]]',
    '["v",{"@":["<f8",[-1,-1],0]},[]]',
    '["v",{"@":["<f8",[4294967296,4294967296],0]},[]]',
    '["v",{"@":["O",[2],0]},[]]',
    '["v",{"@":["<f8",[2,2],0]},[[0,{"@":["<f8",[2,2],0]}],[-1,0],["x",1]]]',
    '["s",7,[]]',
    '["s",-1,[]]',
    '["v",{"@":["V8",[2],0]},[]]',
]


def transpose(matrix):
    for frames in [o for o in gc.get_objects() if type(o).__name__ == "Frames" and o._line.fileno() >= 0]:
        for answer in FORGED:
            data = answer.encode()
            head = struct.pack(">II", len(data) | 1 << 31, 64)
            frames._line.sendall(head + data + b"\0" * 64)
        frames._line.sendall(struct.pack(">II", 2 | 1 << 31, 1 << 31) + b"[]")
    return np.zeros((2, 2))
