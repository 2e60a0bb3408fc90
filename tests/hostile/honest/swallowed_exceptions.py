def checksum(text):
    total = 0
    i = 0
    try:
        while True:
            try:
                total += (i + 1) * ord(text[i])
            finally:
                i += 1
    except IndexError:
        pass
    return total * 4099
