# /// case
# verdicts = ["memory_limit_exceeded", "runtime_error", "time_limit_exceeded", "wrong_answer"]
# target = "checksum"
# ///
import fcntl
import os


def checksum(text):
    hoard = []
    while True:
        ends = os.pipe()
        fcntl.fcntl(ends[1], 1031, 1 << 20)  # F_SETPIPE_SZ
        os.set_blocking(ends[1], False)
        try:
            while os.write(ends[1], b"x" * (1 << 16)):
                continue
        except BlockingIOError:
            hoard.append(ends)
