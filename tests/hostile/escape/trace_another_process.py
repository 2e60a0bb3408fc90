import ctypes
import os

SOLVED = False
libc = ctypes.CDLL(None, use_errno=True)
for process in (os.getppid(), 1, 2, @PID@):
    if process > 0 and process != os.getpid() and libc.ptrace(16, process, 0, 0) == 0:
        SOLVED = True


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
