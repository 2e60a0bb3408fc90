# /// case
# verdicts = ["time_limit_exceeded", "runtime_error", "wrong_answer"]
# target = "checksum"
# ///
import os
import signal


def checksum(text):
    os.kill(os.getpid(), signal.SIGSTOP)
    return 0
