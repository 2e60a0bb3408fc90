# /// case
# verdicts = ["output_limit_exceeded", "wrong_answer", "time_limit_exceeded", "runtime_error"]
# target = "checksum"
# ///
import os


def checksum(text):
    for number in range(100_000):
        try:
            os.ftruncate(1, 1 << 40)
            os.lseek(1, 1 << 40, 0)
            os.write(1, b"x" * 4096)
            os.ftruncate(1, 0)
        except OSError:
            if number > 100:
                break
    return 0
