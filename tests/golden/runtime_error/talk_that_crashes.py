# /// case
# kind = "program"
# says = ["ZeroDivisionError"]
# [[tests]]
# source = """
# with talk() as program:
#     assert program.readline() == "hello\\n"
# """
# ///
1 / 0
