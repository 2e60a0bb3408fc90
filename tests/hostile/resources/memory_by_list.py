# /// case
# verdicts = ["memory_limit_exceeded", "time_limit_exceeded"]
# target = "checksum"
# ///
def checksum(text):
    hoard = [0]
    while True:
        hoard = hoard + hoard
