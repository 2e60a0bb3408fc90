# /// case
# verdicts = ["memory_limit_exceeded", "time_limit_exceeded", "runtime_error", "wrong_answer"]
# target = "checksum"
# ///
import os
import time


def checksum(text):
    for _ in range(12):
        if os.fork() == 0:
            hoard = bytearray(os.urandom(1 << 20)) * 100
            time.sleep(100 + len(hoard) % 2)
    time.sleep(100)
