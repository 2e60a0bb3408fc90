import sys

sys.setrecursionlimit(20_000)


def down(n):
    return 0 if n == 0 else 1 + down(n - 1)


def checksum(text):
    depth = down(5_000)
    return sum(i * ord(c) for i, c in enumerate(text, 1)) * 4099 + depth - 5_000
