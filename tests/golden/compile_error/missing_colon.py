# /// case
# says = ["line 1", "def double(n)", "^", "SyntaxError"]
# never = ["nbjudge", "/usr", ".venv"]
# [[tests]]
# source = "assert double(2) == 4"
# ///
def double(n)
    return 2 * n
