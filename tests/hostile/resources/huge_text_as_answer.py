# /// case
# verdicts = ["wrong_answer", "runtime_error", "memory_limit_exceeded"]
# target = "checksum"
# ///
def checksum(text):
    return "x" * 60_000_000
