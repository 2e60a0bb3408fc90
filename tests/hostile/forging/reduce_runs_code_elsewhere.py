class Bomb:
    def __reduce__(self):
        import os

        return os.system, ("touch /tmp/nbj-hostile-reduce",)

    def __reduce_ex__(self, protocol):
        return self.__reduce__()

    def __getstate__(self):
        return self.__reduce__()


def checksum(text):
    return [Bomb()]
