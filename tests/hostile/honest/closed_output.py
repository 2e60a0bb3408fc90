import sys

sys.stdout.close()
sys.stderr.close()


def checksum(text):
    return sum(i * ord(c) for i, c in enumerate(text, 1)) * 4099
