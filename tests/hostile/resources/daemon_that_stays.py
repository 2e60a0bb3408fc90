# /// case
# target = "checksum"
# times = 2
# ///
import os
import time


def checksum(text):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            with open("/proc/self/comm", "w") as name:
                name.write("nbj-hostile")
            while True:
                time.sleep(0.01)
        os._exit(0)
    return 0
