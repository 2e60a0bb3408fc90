# /// case
# target = "program"
# ///
print(0)
