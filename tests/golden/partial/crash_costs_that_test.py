# /// case
# cause = "runtime_error"
# points = 2.0
# results = ["accepted", "runtime_error", "accepted"]
# [[tests]]
# source = "assert double(1) == 2"
# [[tests]]
# source = "assert double(3) == 6"
# [[tests]]
# source = "assert double(5) == 10"
# ///
import os


def double(n):
    if n == 3:
        os.abort()
    return 2 * n
