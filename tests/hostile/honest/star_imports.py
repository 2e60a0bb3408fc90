from collections import *
from itertools import *
from math import *


def checksum(text):
    return sum(starmap(lambda i, c: i * ord(c), zip(count(1), text))) * 4099
