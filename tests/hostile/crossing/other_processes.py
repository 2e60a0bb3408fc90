import os
import signal

SOLVED = False
for name in os.listdir("/proc"):
    if name.isdigit() and int(name) not in (os.getpid(), os.getppid(), 1):
        try:
            os.kill(int(name), 0)
            print("sees", name)
            SOLVED = True
        except OSError:
            pass


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
