# /// case
# libraries = ["numpy"]
# limits = { memory_bytes = 67108864 }
# [[tests]]
# source = "assert double(2) == 4"
# ///
import numpy as np


def double(n):
    return int(np.ones(100_000_000).sum()) * n
