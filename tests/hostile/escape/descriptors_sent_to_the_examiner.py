# /// case
# target = "checksum"
# verdicts = ["wrong_answer", "runtime_error", "time_limit_exceeded"]
# ///
import os
import socket


def checksum(text):
    here = os.open("/", os.O_RDONLY)
    for number in range(3, 32):
        try:
            line = socket.socket(fileno=os.dup(number))
            line.setblocking(False)
            for _ in range(50):
                socket.send_fds(line, [b"\0"], [here] * 50)
        except OSError:
            pass
    return 0
