# /// case
# verdicts = ["wrong_answer", "runtime_error", "time_limit_exceeded"]
# target = "checksum"
# ///
import gc
import threading
import time


def chatter():
    while True:
        for frames in [o for o in gc.get_objects() if type(o).__name__ == "Frames" and o._line.fileno() >= 0]:
            try:
                frames.send('["v",293]')
            except Exception:
                pass
        time.sleep(0.001)


threading.Thread(target=chatter, daemon=True).start()


def checksum(text):
    time.sleep(0.05)
    return 0
