# /// case
# target = "leaky"
# ///
import gc
import re
import sys


def measure(text):
    frame = sys._getframe()
    while frame is not None:
        if re.search("asser[t] measure", repr(frame.f_locals)[:1_000_000]):
            print("BREACH")
        frame = frame.f_back
    for thing in gc.get_objects():
        if type(thing) is dict and any(
            type(value) is str and re.search("asser[t] measure", value) for value in list(thing.values())
        ):
            print("BREACH")
    return 0
