# /// case
# says = ["Mind the edges"]
# never = ["987654", "123457", "AssertionError"]
# [[tests]]
# hidden = true
# hint = "Mind the edges"
# source = "assert double(987654) == 1975308"
# ///
def double(n):
    print("printed", n)
    return 123457
