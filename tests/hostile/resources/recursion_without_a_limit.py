# /// case
# verdicts = ["runtime_error", "memory_limit_exceeded", "time_limit_exceeded"]
# target = "checksum"
# ///
import sys

sys.setrecursionlimit(2**31 - 1)


class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x")


def checksum(text):
    return Deep().a
