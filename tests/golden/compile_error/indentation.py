# /// case
# says = ["line 2", "IndentationError"]
# [[tests]]
# source = "assert double(2) == 4"
# ///
def double(n):
return 2 * n
