# /// case
# says = ["NameError", "line 5", "undefined_name"]
# never = ["nbjudge", "/usr", ".venv"]
# [[tests]]
# source = "assert double(2) == 4"
# ///
def double(n):
    return 2 * n


print(undefined_name)
