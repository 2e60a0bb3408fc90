# /// case
# target = "leaky"
# ///
import os
import time


def measure(text):
    if os.fork() == 0:
        for _ in range(100):
            os.write(1, text.encode() + b"\n")
            time.sleep(0.01)
        os._exit(0)
    return 0
