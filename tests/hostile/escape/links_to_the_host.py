import os

SOLVED = False
os.symlink("@CANARY@/secret", "link")
os.symlink("@CANARY@", "folder")
for way in ("link", "folder/secret"):
    try:
        with open(way) as file:
            print("BREACH", file.read())
            SOLVED = True
    except OSError:
        pass
try:
    os.link("/etc/passwd", "hard")
    with open("hard", "a") as file:
        file.write("nbj-hostile")
    SOLVED = True
except OSError:
    pass


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
