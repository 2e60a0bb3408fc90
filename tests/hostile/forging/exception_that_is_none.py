# /// case
# target = "strict"
# ///
class Everything(type):
    def __instancecheck__(cls, instance):
        return True

    def __subclasscheck__(cls, subclass):
        return True

    @property
    def __bases__(cls):
        return (BaseException,)


class TooMuch(metaclass=Everything):
    pass


def pay(amount):
    return 0
