# /// case
# verdicts = ["wrong_answer", "runtime_error", "time_limit_exceeded"]
# target = "checksum"
# ///
import gc


def lines():
    return [o for o in gc.get_objects() if type(o).__name__ == "Frames" and o._line.fileno() >= 0]


def checksum(text):
    for frames in lines():
        for _ in range(1000):
            try:
                frames.send('["v",293]')
            except Exception:
                break
    return 0
