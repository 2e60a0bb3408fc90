# /// case
# [[tests]]
# source = "assert double(2) == 4"
# ///
%matplotlib inline
%load_ext autoreload
!pip install numpy
import math

?math
math.floor?


def double(n):
    return 2 * n
