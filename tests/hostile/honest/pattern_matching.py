def checksum(text):
    match list(text):
        case []:
            return 0
        case [*rest] if (total := sum(i * ord(c) for i, c in enumerate(rest, 1))) > 0:
            return total * 4099
