# /// case
# verdicts = ["runtime_error", "time_limit_exceeded", "wrong_answer"]
# target = "checksum"
# ///
import os
import socket


def checksum(text):
    pairs = [socket.socketpair() for _ in range(60)]
    for left, right in pairs:
        left.setblocking(False)
        try:
            while True:
                left.send(bytes(65536))
        except OSError:
            pass
    return len(os.listdir("/proc/self/fd"))
