# /// case
# verdicts = ["wrong_answer", "memory_limit_exceeded"]
# target = "checksum"
# ///
class Huge:
    def __repr__(self):
        return "x" * 50_000_000

    __str__ = __repr__


def checksum(text):
    return Huge()
