import atexit
import gc

atexit.register(print, "goodbye")
gc.disable()


class Noisy:
    def __del__(self):
        print("gone")


def checksum(text):
    Noisy()
    gc.collect()
    return sum(i * ord(c) for i, c in enumerate(text, 1)) * 4099
