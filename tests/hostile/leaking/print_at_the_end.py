# /// case
# target = "leaky"
# ///
import atexit

seen = []
atexit.register(lambda: print(seen, flush=True))


def measure(text):
    seen.append(text)
    return 0
