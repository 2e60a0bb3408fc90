def checksum(text):
    print("hello from", text, flush=True)
    total = 0
    for i, c in enumerate(text, 1):
        print(i, c, total, sep="\t")
        total += i * ord(c)
    print("\x1b[31mred\x1b[0m", "\a\b\0")
    return total * 4099
