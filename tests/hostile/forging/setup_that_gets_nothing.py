# /// case
# target = "prepared"
# results = ["wrong_answer", "wrong_answer"]
# ///
def make():
    return []
