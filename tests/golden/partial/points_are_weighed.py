# /// case
# cause = "wrong_answer"
# points = 2.5
# [[tests]]
# points = 2.5
# source = "assert double(0) == 0"
# [[tests]]
# points = 0.5
# source = "assert double(2) == 4"
# ///
def double(n):
    return n
