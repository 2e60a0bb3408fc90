# /// case
# target = "quick"
# verdicts = ["time_limit_exceeded"]
# ///
import time


def double(n):
    until = time.process_time() + 0.04
    while time.process_time() < until:
        pass
    return 2 * n
