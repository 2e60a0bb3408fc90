import os

SOLVED = False
try:
    os.makedirs("jail", exist_ok=True)
    os.chroot("jail")
    SOLVED = True
except OSError:
    pass


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
