# /// case
# verdicts = ["time_limit_exceeded"]
# target = "checksum"
# ///
import signal

for number in signal.valid_signals():
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())


def checksum(text):
    while True:
        pass
