import glob
import os

PLACES = [".", "/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run", "/run/lock",
          os.path.expanduser("~"), "/dev", "/"]  # fmt: skip
SOLVED = any(os.path.exists(f"{place}/nbj-hostile-crossing") for place in PLACES)
for place in PLACES:
    try:
        with open(f"{place}/nbj-hostile-crossing", "w") as file:
            file.write("I was here")
    except OSError:
        pass


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
