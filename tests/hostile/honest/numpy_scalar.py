# /// case
# target = "checksum_numpy"
# ///
import numpy as np


def checksum(text):
    codes = np.array([ord(c) for c in text], dtype=np.int64)
    return (codes * np.arange(1, len(codes) + 1)).sum() * 4099
