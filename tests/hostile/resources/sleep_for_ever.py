# /// case
# verdicts = ["time_limit_exceeded"]
# target = "checksum"
# ///
import time


def checksum(text):
    time.sleep(10**6)
