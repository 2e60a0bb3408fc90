# /// case
# verdicts = ["memory_limit_exceeded", "runtime_error"]
# target = "checksum"
# ///
import os


def checksum(text):
    hoard = []
    while True:
        file = os.memfd_create("nbj-hostile")
        for _ in range(64):
            os.write(file, b"x" * (1 << 20))
        hoard.append(file)
