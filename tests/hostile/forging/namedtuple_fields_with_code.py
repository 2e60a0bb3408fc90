from collections import namedtuple


class Fields(tuple):
    _fields = ("x=__import__('os').system('touch /tmp/nbj-hostile-fields')", "class", "a" * 100)


Fields.__name__ = "__import__"


def checksum(text):
    return Fields((1, 2, 3))
