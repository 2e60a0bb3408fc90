# /// case
# verdicts = ["wrong_answer", "runtime_error", "time_limit_exceeded"]
# target = "checksum"
# ///
import gc

FORGED = [
    "",
    "[",
    "{}",
    '"v"',
    '["v"]',
    '["v",{"T":"object"}]',
    '["v",{"h":[1,"object","int",["__eq__"],"int"]}]',
    '["x",null]',
    '["v",{"o":1}]',
    '["v",{"zz":1}]',
    "[" * 50_000,
    '["v",' + "9" * 50_000 + "]",
    '["v",{"D":"1e999999999"}]',
    '["v",{"a":["<f8",[4000000000,4000000000],""]}]',
    '["v",{"F":["0x1","0x0"]}]',
    '["v",NaN]',
    '["call",1]',
    '["ask",99999,"__globals__"]',
]


def checksum(text):
    for frames in [o for o in gc.get_objects() if type(o).__name__ == "Frames" and o._line.fileno() >= 0]:
        for answer in FORGED:
            frames.send(answer)
    return 0
