# /// case
# verdicts = ["memory_limit_exceeded", "runtime_error"]
# target = "checksum"
# ///
import mmap


def checksum(text):
    hoard = []
    while True:
        area = mmap.mmap(-1, 1 << 24)
        area.write(b"x" * (1 << 24))
        hoard.append(area)
