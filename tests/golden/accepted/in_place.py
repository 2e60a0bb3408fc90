# /// case
# [[tests]]
# source = """
# numbers = [3, 1, 2]
# assert arrange(numbers) is None
# assert numbers == [1, 2, 3]
# """
# ///
def arrange(numbers):
    numbers.sort()
