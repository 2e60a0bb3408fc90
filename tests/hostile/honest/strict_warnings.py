# /// case
# target = "checksum_numpy"
# ///
import warnings

import numpy as np

warnings.simplefilter("error")
np.seterr(all="raise")


def checksum(text):
    return sum(i * ord(c) for i, c in enumerate(text, 1)) * 4099
