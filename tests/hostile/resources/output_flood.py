# /// case
# verdicts = ["output_limit_exceeded"]
# target = "checksum"
# ///
import os


def checksum(text):
    while True:
        os.write(1, b"x" * 65536)
