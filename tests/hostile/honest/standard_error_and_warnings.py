import logging
import sys
import warnings

logging.basicConfig(level=logging.DEBUG)


def checksum(text):
    warnings.warn("this is deprecated", DeprecationWarning)
    logging.debug("working on %s", text)
    sys.stderr.write("almost an error\n")
    return sum(i * ord(c) for i, c in enumerate(text, 1)) * 4099
