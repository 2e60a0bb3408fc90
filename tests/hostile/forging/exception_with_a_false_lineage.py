# /// case
# target = "root"
# ///
class Meta(type):
    @property
    def __bases__(cls):
        return (ValueError,)

    @property
    def __mro__(cls):
        return (cls, ValueError, Exception, BaseException, object)


class Weird(Exception, metaclass=Meta):
    pass


def root(n):
    raise Weird("negative")
