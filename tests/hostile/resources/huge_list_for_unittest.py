# /// case
# target = "ordered"
# ///
def ordered(numbers):
    return [0] * 1_000_000
