# /// case
# target = "quick"
# verdicts = ["time_limit_exceeded"]
# ///
import time


def double(n):
    until, end = time.process_time() + 0.04, time.perf_counter() + 0.06
    while time.process_time() < until or time.perf_counter() < end:  # gVisor counts in steps
        pass
    return 2 * n
