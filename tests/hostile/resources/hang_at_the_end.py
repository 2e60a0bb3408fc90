# /// case
# target = "checksum"
# ///
import atexit
import threading
import time

atexit.register(time.sleep, 1000)
threading.Thread(target=time.sleep, args=(1000,)).start()


def checksum(text):
    return 0
