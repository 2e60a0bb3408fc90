# /// case
# libraries = ["numpy"]
# [[tests]]
# source = """
# import numpy as np
# np.testing.assert_allclose(scale(np.array([1.0, 2.0, 3.0]), 2), np.array([2.0, 4.0, 6.0]))
# assert (scale(np.eye(2), 3) == 3 * np.eye(2)).all()
# """
# ///
import numpy as np


def scale(array, factor):
    return np.asarray(array) * factor
