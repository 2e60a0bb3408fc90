import time


def checksum(text):
    end = time.process_time() + 0.15
    while time.process_time() < end:
        pass
    time.sleep(0.2)
    return sum(i * ord(c) for i, c in enumerate(text, 1)) * 4099
