import ctypes

SOLVED = False
for name in ("librt.so.1", "libc.so.6"):
    try:
        library = ctypes.CDLL(name, use_errno=True)
        SOLVED = SOLVED or library.mq_open(b"/nbj-hostile", 0) >= 0
        library.mq_open(b"/nbj-hostile", 0o102, 0o666, None)
    except (OSError, AttributeError):
        pass


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
