# /// case
# says = ["ZeroDivisionError", "line 2", "line 6", "return 1 / n", "inverse"]
# never = ["nbjudge", "/usr", ".venv"]
# [[tests]]
# source = "assert twice(0) == 0"
# ///
def inverse(n):
    return 1 / n


def twice(n):
    return 2 * inverse(n)
