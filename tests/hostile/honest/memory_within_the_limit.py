def checksum(text):
    table = bytearray(40 << 20)
    table[-1] = 1
    return sum(i * ord(c) for i, c in enumerate(text, 1)) * 4099 * table[-1]
