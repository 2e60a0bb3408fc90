# /// case
# verdicts = ["runtime_error", "time_limit_exceeded"]
# target = "checksum"
# ///
class Hang(Exception):
    def __str__(self):
        while True:
            pass

    __repr__ = __str__


def checksum(text):
    raise Hang
