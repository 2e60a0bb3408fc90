# /// case
# says = ["EOFError"]
# [[tests]]
# source = "assert ask() == 7"
# ///
def ask():
    return int(input())
