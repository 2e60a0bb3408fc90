# /// case
# verdicts = ["output_limit_exceeded"]
# target = "checksum"
# ///
import os


def checksum(text):
    while True:
        try:
            os.write(2, b"x" * 4096)
        except OSError:
            pass
