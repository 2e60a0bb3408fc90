# /// case
# [[tests]]
# source = "with raises(ValueError):\n    root(-1)"
# ///
def root(n):
    return 0
