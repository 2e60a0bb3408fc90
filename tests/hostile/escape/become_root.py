import ctypes
import os

SOLVED = False
libc = ctypes.CDLL(None, use_errno=True)
for change in (lambda: os.setuid(0), lambda: os.setresuid(0, 0, 0), lambda: os.setgroups([0])):
    try:
        change()
    except OSError:
        pass
try:
    with open("/etc/nbj-hostile-root", "w") as file:
        file.write("here")
    SOLVED = True
except OSError:
    pass
with open("/proc/self/status") as status:
    told = dict(line.rstrip("\n").split(":\t", 1) for line in status if ":\t" in line)
SOLVED = SOLVED or int(told["CapEff"], 16) != 0 or int(told["CapPrm"], 16) != 0
SOLVED = SOLVED or told.get("NoNewPrivs") != "1"


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
