import ctypes
import os

SOLVED = False
for process in (os.getppid(), 1, 2, @PID@):
    if process in (0, os.getpid()):
        continue
    try:
        with open(f"/proc/{process}/mem", "rb"), open(f"/proc/{process}/maps") as maps:
            SOLVED = SOLVED or bool(maps.read(1))
    except OSError:
        pass


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
