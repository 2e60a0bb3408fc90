# /// case
# limits = { processes = 8 }
# [[tests]]
# source = "assert spawn() == 4"
# ///
import threading


def spawn():
    gate = threading.Event()
    for _ in range(100):
        threading.Thread(target=gate.wait, daemon=True).start()
    return 4
