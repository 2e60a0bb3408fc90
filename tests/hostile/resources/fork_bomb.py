# /// case
# verdicts = ["time_limit_exceeded", "runtime_error", "wrong_answer"]
# target = "checksum"
# ///
import os


def checksum(text):
    while True:
        try:
            os.fork()
        except OSError:
            pass
