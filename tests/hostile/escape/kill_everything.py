# /// case
# verdicts = ["wrong_answer", "runtime_error"]
# target = "checksum"
# ///
import os
import signal

for target in (-1, 0, @PID@, os.getppid(), 1):
    try:
        if target != 0:
            os.kill(target, signal.SIGTERM if target == os.getppid() else signal.SIGKILL)
    except OSError:
        pass


def checksum(text):
    return 0
