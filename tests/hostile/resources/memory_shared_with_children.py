# /// case
# verdicts = ["memory_limit_exceeded", "runtime_error", "time_limit_exceeded"]
# target = "checksum"
# ///
import mmap
import os
import time


def checksum(text):
    while True:
        area = mmap.mmap(-1, 1 << 24, flags=mmap.MAP_SHARED)
        if os.fork() == 0:
            area.write(b"x" * (1 << 24))
            time.sleep(30)
            os._exit(0)
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG)
