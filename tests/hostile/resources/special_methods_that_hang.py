# /// case
# verdicts = ["wrong_answer", "time_limit_exceeded", "runtime_error"]
# target = "ordered"
# ///
class Hang:
    def hang(self, *args, **kwargs):
        while True:
            pass

    __len__ = __iter__ = __eq__ = __bool__ = __getitem__ = __contains__ = __hash__ = hang
    __lt__ = __call__ = __index__ = __float__ = __getattr__ = hang


def ordered(numbers):
    return Hang()
