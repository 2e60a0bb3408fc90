# /// case
# says = ["RecursionError"]
# [[tests]]
# source = "assert double(2) == 4"
# ///
def double(n):
    return double(n)
