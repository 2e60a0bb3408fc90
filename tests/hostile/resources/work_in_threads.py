# /// case
# verdicts = ["time_limit_exceeded"]
# target = "checksum"
# ///
import hashlib
import threading


def work():
    while True:
        hashlib.pbkdf2_hmac("sha256", b"x", b"y", 1_000_000)


def checksum(text):
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
