class Meta(type):
    def __call__(cls, *args):
        return super().__call__(*args).value


class checksum(metaclass=Meta):
    __slots__ = ("value",)

    def __init__(self, text):
        self.value = sum(i * ord(c) for i, c in enumerate(text, 1)) * 4099
