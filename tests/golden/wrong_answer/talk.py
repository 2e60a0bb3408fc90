# /// case
# kind = "program"
# says = ["hello"]
# [[tests]]
# source = """
# with talk() as program:
#     assert program.readline() == "hello\\n"
# """
# ///
print("good-bye", flush=True)
input()
