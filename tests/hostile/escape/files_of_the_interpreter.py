import os
import sys

SOLVED = False
import json

for path in {json.__file__, sys.executable, os.__file__, *sys.path, "/usr/bin", "/bin", "/etc", "/lib"}:
    target = os.path.join(path, "nbj_hostile.py") if os.path.isdir(path) else path
    if path in ("", os.getcwd()) or not path or path.startswith(os.getcwd()):
        continue
    try:
        with open(target, "ab"):
            SOLVED = not target.startswith(("/tmp", "/dev/shm"))
            print("BREACH", target)
    except OSError:
        pass


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
