# /// case
# [[tests]]
# source = """
# with raises(ValueError):
#     root(-1)
# assert root(9) == 3
# """
# ///
def root(n):
    if n < 0:
        raise ValueError("negative")
    return int(n**0.5)
