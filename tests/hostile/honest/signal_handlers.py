import signal

signal.signal(signal.SIGALRM, lambda *_: print("ding"))
signal.signal(signal.SIGINT, signal.SIG_DFL)


def checksum(text):
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    signal.pause()
    return sum(i * ord(c) for i, c in enumerate(text, 1)) * 4099
