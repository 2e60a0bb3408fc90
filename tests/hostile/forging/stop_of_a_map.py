# /// case
# target = "mapped"
# ///
def is_even(n):
    raise StopIteration
