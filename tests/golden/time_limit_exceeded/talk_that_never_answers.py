# /// case
# kind = "program"
# limits = { wall_seconds = 1.0 }
# [[tests]]
# source = """
# with talk() as program:
#     assert program.readline() == "hello\\n"
# """
# ///
input()
