# /// case
# verdicts = ["wrong_answer", "time_limit_exceeded", "runtime_error"]
# target = "checksum"
# ///
class Hang:
    def __del__(self):
        while True:
            pass


def checksum(text):
    Hang()
    return 0
