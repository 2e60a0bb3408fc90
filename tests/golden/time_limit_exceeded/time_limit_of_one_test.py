# /// case
# [[tests]]
# source = "with time_limit(0.3):\n    assert double(2) == 4"
# ///
import time


def double(n):
    end = time.process_time() + 0.9
    while time.process_time() < end:
        pass
    return 2 * n
