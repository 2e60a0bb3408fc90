list = [1, 2, 3]
str = "text"
id = 7
sum = 0
input = None


def checksum(text):
    total = 0
    for i, c in enumerate(text, 1):
        total += i * ord(c)
    return total * 4099
