# /// case
# points = 1.0
# [[tests]]
# source = "assert double(2) == 4"
# ///
def double(n):
    return 2 * n
