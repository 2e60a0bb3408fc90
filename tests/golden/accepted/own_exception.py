# /// case
# [[tests]]
# source = """
# with raises(Overdrawn):
#     withdraw(10, 20)
# try:
#     withdraw(10, 20)
# except Overdrawn as error:
#     assert "20" in str(error)
# else:
#     raise AssertionError("nothing was raised")
# """
# ///
class Overdrawn(Exception):
    pass


def withdraw(balance, amount):
    if amount > balance:
        raise Overdrawn(f"{amount} is more than {balance}")
    return balance - amount
