# /// case
# target = "checksum"
# ///
import os

held = []


def checksum(text):
    while True:
        held.extend(os.pipe())
