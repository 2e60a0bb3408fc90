# /// case
# verdicts = ["wrong_answer", "runtime_error", "time_limit_exceeded"]
# target = "checksum"
# ///
import os
import stat
import struct


def checksum(text):
    for descriptor in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                os.write(descriptor, struct.pack(">I", 0xFFFFFFFF) + b"A" * 4096)
                os.write(descriptor, b"\xff" * 65536)
        except OSError:
            pass
    return 0
