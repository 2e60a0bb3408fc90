# /// case
# verdicts = ["output_limit_exceeded", "wrong_answer"]
# target = "checksum"
# ///
import os


def checksum(text):
    if os.fork() == 0:
        os.setsid()
        while True:
            os.write(1, b"x" * 4096)
    return 0
