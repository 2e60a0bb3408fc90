# /// case
# target = "leaky"
# ///
import threading
import time

seen = []


def tell():
    while True:
        time.sleep(0.01)
        print(seen, flush=True)


threading.Thread(target=tell, daemon=True).start()


def measure(text):
    seen.append(text)
    time.sleep(0.05)
    return 0
