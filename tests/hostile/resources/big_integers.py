# /// case
# verdicts = ["time_limit_exceeded", "memory_limit_exceeded"]
# target = "checksum"
# ///
def checksum(text):
    return 9 ** 9 ** 9 % 10
