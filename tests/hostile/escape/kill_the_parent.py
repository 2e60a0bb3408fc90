# /// case
# verdicts = ["wrong_answer", "runtime_error"]
# target = "checksum"
# ///
import os
import signal


def checksum(text):
    for number in range(1, 400):
        if number != os.getpid():
            for sign in (signal.SIGKILL, signal.SIGSTOP):
                try:
                    os.kill(number, sign)
                except OSError:
                    pass
    return 0
