# /// case
# points = 0.0
# says = ["5", "4"]
# [[tests]]
# source = "assert double(2) == 4"
# ///
def double(n):
    return 2 * n + 1
