import contextlib
import io
import sys


def checksum(text):
    buffer = io.StringIO()
    with contextlib.redirect_stdout(buffer):
        print(sum(i * ord(c) for i, c in enumerate(text, 1)))
    sys.stdout = io.StringIO()
    return int(buffer.getvalue()) * 4099
