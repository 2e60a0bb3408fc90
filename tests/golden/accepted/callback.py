# /// case
# [[tests]]
# source = """
# seen = []
# assert each([1, 2], lambda n: seen.append(n) or n * 10) == [10, 20]
# assert seen == [1, 2]
# """
# ///
def each(items, function):
    return [function(item) for item in items]
