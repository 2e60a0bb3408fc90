# /// case
# target = "leaky"
# ///
import warnings

seen = []


def measure(text):
    seen.append(text)
    warnings.warn(" ".join(seen))
    return 0
