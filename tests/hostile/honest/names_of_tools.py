class Problem:
    pass


def raises(error):
    return "mine"


def approx(value):
    return "mine"


tests = run = stdout = feed = time_limit = raises
AssertionError_ = AssertionError


def checksum(text):
    return sum(i * ord(c) for i, c in enumerate(text, 1)) * 4099
