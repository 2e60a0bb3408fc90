# /// case
# limits = { cpu_seconds = 1.0, wall_seconds = 0.8 }
# [[tests]]
# source = "assert double(2) == 4"
# ///
import time


def double(n):
    time.sleep(60)
    return 2 * n
