# /// case
# target = "leaky"
# ///
import sys


class Curious(type(sys)):
    def __getattr__(self, name):
        print("asked for", name)
        raise AttributeError(name)


sys.modules["__main__"].__class__ = Curious


def measure(text):
    return 0
