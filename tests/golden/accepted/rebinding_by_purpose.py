# /// case
# [[tests]]
# source = """
# student.square = lambda n: 100
# assert sum_of_squares(1, 2) == 200
# """
# ///
def square(n):
    return n * n


def sum_of_squares(a, b):
    return square(a) + square(b)
