# /// case
# target = "squares"
# results = ["runtime_error", "runtime_error", "runtime_error", "runtime_error", "runtime_error", "runtime_error"]
# ///
class Squares:
    def __getitem__(self, n):
        raise StopIteration

    __iter__ = __str__ = __bool__ = __hash__ = __eq__ = __enter__ = send = lambda *_: Squares()[0]

    def __exit__(self, *_):
        return None

    @property
    def size(self):
        raise StopIteration
