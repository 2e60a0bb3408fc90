# /// case
# verdicts = ["memory_limit_exceeded", "time_limit_exceeded"]
# target = "checksum"
# ///
hoard = []


def checksum(text):
    while True:
        try:
            hoard.append(bytearray(1 << 20))
        except MemoryError:
            continue
