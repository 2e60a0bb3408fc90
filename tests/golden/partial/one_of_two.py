# /// case
# cause = "wrong_answer"
# points = 1.0
# results = ["accepted", "wrong_answer"]
# [[tests]]
# source = "assert double(0) == 0"
# [[tests]]
# source = "assert double(2) == 4"
# ///
def double(n):
    return n
