# /// case
# target = "root"
# ///
import builtins


class Meta(type):
    def __instancecheck__(cls, other):
        return True

    def __subclasscheck__(cls, other):
        return True

    def mro(cls):
        return [cls, Exception, BaseException, object]


class Weird(Exception, metaclass=Meta):
    @property
    def __class__(self):
        return builtins.ValueError


Weird.__name__ = Weird.__qualname__ = "ValueError"
Weird.__module__ = "builtins"


def root(n):
    raise Weird("negative")
