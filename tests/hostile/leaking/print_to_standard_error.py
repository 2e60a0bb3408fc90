# /// case
# target = "leaky"
# ///
import os
import sys


def measure(text):
    print(text, file=sys.stderr)
    for descriptor in (1, 2):
        os.write(descriptor, text.encode())
    return 0
