# /// case
# verdicts = ["runtime_error", "time_limit_exceeded"]
# target = "checksum"
# ///
import os


def checksum(text):
    os.execv("/bin/sleep", ["sleep", "1000"])
