# /// case
# verdicts = ["output_limit_exceeded"]
# target = "program"
# ///
while True:
    print("7\n" * 1000)
