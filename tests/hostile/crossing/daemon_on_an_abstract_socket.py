import os
import socket
import time

SOLVED = False
line = socket.socket(socket.AF_UNIX)
try:
    line.connect("\0nbj-hostile")
    SOLVED = True
except OSError:
    if os.fork() == 0:
        os.setsid()
        with open("/proc/self/comm", "w") as name:
            name.write("nbj-hostile")
        server = socket.socket(socket.AF_UNIX)
        server.bind("\0nbj-hostile")
        server.listen()
        time.sleep(1000)
    time.sleep(0.05)


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
