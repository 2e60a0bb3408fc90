def adder():
    total, i = 0, 0
    while True:
        c = yield total
        i += 1
        total += i * ord(c)


def checksum(text):
    adding = adder()
    next(adding)
    for c in text:
        total = adding.send(c)
    return total * 4099
