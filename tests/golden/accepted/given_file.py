# /// case
# files = { "words.txt" = "one two\nthree\n" }
# [[tests]]
# source = 'assert words("words.txt") == 3'
# ///
def words(name):
    with open(name) as file:
        return len(file.read().split())
