def checksum(text):
    for n in range(200):
        print(n, "x" * 60)
    return sum(i * ord(c) for i, c in enumerate(text, 1)) * 4099
