# /// case
# [[tests]]
# source = "with time_limit(0.3):\n    assert double(2) == 4"
# ///
import time


def double(n):
    time.sleep(2)
    return 2 * n
