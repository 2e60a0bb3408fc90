import ctypes
import os
import platform

SOLVED = False
libc = ctypes.CDLL(None, use_errno=True)
if platform.machine() == "x86_64":
    child = libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0)  # clone with a user namespace
    if child == 0:
        os._exit(0)
    SOLVED = child > 0


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
