# /// case
# target = "recursive_callback"
# verdicts = ["wrong_answer", "runtime_error", "time_limit_exceeded"]
# ///
import gc


def descend(function, depth):
    for frames in [o for o in gc.get_objects() if type(o).__name__ == "Frames" and o._line.fileno() >= 0]:
        for number in (0, 0, 1, -1, 7):
            frames.send(f'["call",{number},{{"t":[]}},{{"m":[]}}]')
            frames.send('["v",5,[]]')
            frames.send('["attr",0,{"t":["__globals__"]},{"m":[]}]')
    return 0
