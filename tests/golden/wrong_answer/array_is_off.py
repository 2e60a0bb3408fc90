# /// case
# libraries = ["numpy"]
# [[tests]]
# source = "import numpy as np\nnp.testing.assert_allclose(ones(), [1.0, 1.0])"
# ///
import numpy as np


def ones():
    return np.array([1.0, 1.1])
