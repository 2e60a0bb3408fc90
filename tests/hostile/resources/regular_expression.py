# /// case
# verdicts = ["time_limit_exceeded"]
# target = "checksum"
# ///
import re


def checksum(text):
    return re.fullmatch("(a+)+b", "a" * 60)
