import socket

SOLVED = False
try:
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(1)
        line.connect("\0nbj-canary-@PORT@")
        SOLVED = True
except OSError:
    pass


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
