from multiprocessing import shared_memory

SOLVED = False
try:
    shared_memory.SharedMemory(name="nbj-hostile")
    SOLVED = True
except OSError:
    try:
        shared_memory.SharedMemory(name="nbj-hostile", create=True, size=64)
    except OSError:
        pass


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
