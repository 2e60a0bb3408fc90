# /// case
# target = "checksum"
# ///
import os


def checksum(text):
    for descriptor in (1, 2):
        try:
            path = os.readlink(f"/proc/self/fd/{descriptor}")
            os.unlink(path)
            os.symlink("@CANARY@/secret", path)
        except OSError:
            pass
        try:
            with open(f"/proc/self/fd/{descriptor}") as file:
                print("reads", len(file.read()))
        except OSError:
            pass
    return 0
