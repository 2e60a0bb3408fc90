# /// case
# [[tests]]
# source = """
# feed("3\\n4\\n")
# assert ask() == 7
# """
# ///
def ask():
    return int(input("a? ")) + int(input("b? "))
