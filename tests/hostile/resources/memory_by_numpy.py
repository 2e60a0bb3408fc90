# /// case
# verdicts = ["memory_limit_exceeded", "time_limit_exceeded"]
# target = "checksum_numpy"
# ///
import numpy as np


def checksum(text):
    return np.ones(10**9).sum()
