# /// case
# says = ["None"]
# [[tests]]
# source = "assert double(2) == 4"
# ///
def double(n):
    print(2 * n)
