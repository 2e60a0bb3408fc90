# /// case
# verdicts = ["time_limit_exceeded"]
# target = "checksum"
# ///
import os


def checksum(text):
    children = []
    for _ in range(8):
        child = os.fork()
        if child == 0:
            while True:
                pass
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
