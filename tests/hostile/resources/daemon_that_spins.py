# /// case
# verdicts = ["wrong_answer", "time_limit_exceeded"]
# target = "checksum"
# ///
import os


def checksum(text):
    for _ in range(4):
        if os.fork() == 0:
            with open("/proc/self/comm", "w") as name:
                name.write("nbj-hostile")
            os.setsid()
            while True:
                pass
    return 0
