# /// case
# verdicts = ["runtime_error", "wrong_answer", "time_limit_exceeded", "memory_limit_exceeded"]
# target = "checksum"
# ///
import os


def checksum(text):
    for _ in range(20_000):
        os.mkdir("nbj-hostile-deep")
        os.chdir("nbj-hostile-deep")
    return 0
