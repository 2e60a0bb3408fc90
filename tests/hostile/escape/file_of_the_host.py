SOLVED = False
try:
    with open("@CANARY@/secret") as file:
        print("BREACH", file.read())
        SOLVED = True
except OSError:
    pass


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
