# /// case
# kind = "program"
# files = { "data.txt" = "1" }
# [[tests]]
# source = """
# run()
# assert read_file("out.txt") == b"1!"
# run()
# assert read_file("out.txt") == b"1!!"
# """
# [[tests]]
# source = """
# write_file("data.txt", "2")
# run()
# assert read_file("out.txt") == b"2!"
# with raises(FileNotFoundError):
#     read_file("no.txt")
# """
# [[tests]]
# source = """
# run()
# assert read_file("out.txt") == b"1!"
# """
# ///
import os
before = open("out.txt").read() if os.path.exists("out.txt") else open("data.txt").read()
with open("out.txt", "w") as file:
    file.write(before + "!")
