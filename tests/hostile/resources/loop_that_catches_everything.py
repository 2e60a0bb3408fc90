# /// case
# verdicts = ["time_limit_exceeded"]
# target = "checksum"
# ///
def checksum(text):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
