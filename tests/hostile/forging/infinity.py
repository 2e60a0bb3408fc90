# /// case
# target = "mean_by_hand"
# ///
def mean(numbers):
    return float("inf")
