# /// case
# target = "mean"
# ///
def mean(numbers):
    return float("nan")
