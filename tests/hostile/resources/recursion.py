# /// case
# verdicts = ["runtime_error"]
# target = "checksum"
# ///
def checksum(text):
    return checksum(text)
