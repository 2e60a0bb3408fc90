# /// case
# [[tests]]
# source = """
# from itertools import islice
# assert list(islice(naturals(), 4)) == [0, 1, 2, 3]
# assert next(naturals()) == 0
# """
# ///
def naturals():
    n = 0
    while True:
        yield n
        n += 1
