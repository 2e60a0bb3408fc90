# /// case
# target = "ordered"
# ///
def ordered(numbers):
    numbers.append(numbers)
    return numbers
