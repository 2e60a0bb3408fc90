# /// case
# kind = "program"
# says = ["line 2"]
# [[tests]]
# source = """check(run(), "1\\n2\\n3\\n")"""
# ///
print("1\n3\n3")
