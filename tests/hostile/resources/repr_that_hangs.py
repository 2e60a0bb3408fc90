# /// case
# verdicts = ["wrong_answer", "time_limit_exceeded"]
# target = "checksum"
# ///
class Hang:
    def __repr__(self):
        while True:
            pass

    __str__ = __repr__


def checksum(text):
    return Hang()
