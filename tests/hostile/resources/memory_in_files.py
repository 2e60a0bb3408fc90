# /// case
# verdicts = ["memory_limit_exceeded", "runtime_error", "wrong_answer", "time_limit_exceeded"]
# target = "checksum"
# ///
import ctypes
import os

held = []


def checksum(text):
    libc = ctypes.CDLL(None)
    for number in range(200):
        descriptor = libc.memfd_create(b"nbj-hostile-%d" % number, 0)
        if descriptor < 0:
            break
        held.append(descriptor)
        try:
            for _ in range(16):
                os.write(descriptor, bytes(1 << 20))
        except OSError:
            break
    return 0
