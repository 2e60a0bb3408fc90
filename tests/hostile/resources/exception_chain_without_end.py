# /// case
# verdicts = ["runtime_error", "time_limit_exceeded"]
# target = "checksum"
# ///
def checksum(text):
    last = None
    for number in range(100_000):
        error = ValueError("x" * 100)
        error.__cause__ = last
        last = error
    raise last
