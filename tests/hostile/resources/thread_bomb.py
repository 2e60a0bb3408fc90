# /// case
# verdicts = ["runtime_error", "memory_limit_exceeded", "time_limit_exceeded"]
# target = "checksum"
# ///
import threading
import time


def checksum(text):
    while True:
        threading.Thread(target=time.sleep, args=(1000,)).start()
