# /// case
# [[tests]]
# source = "assert pair() == [1, 2]"
# ///
def pair():
    return (1, 2)
