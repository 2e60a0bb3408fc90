import threading
import time

threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()


def checksum(text):
    return sum(i * ord(c) for i, c in enumerate(text, 1)) * 4099
