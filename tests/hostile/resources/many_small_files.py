# /// case
# verdicts = ["runtime_error", "time_limit_exceeded", "memory_limit_exceeded"]
# target = "checksum"
# ///
import os


def checksum(text):
    number = 0
    while True:
        number += 1
        os.mkdir(f"nbj-hostile-{number}")
