# /// case
# says = ["line 3", "^"]
# [[tests]]
# source = "assert double(2) == 4"
# ///
def double(n):
    """Doubles."""
    return "2 * n
