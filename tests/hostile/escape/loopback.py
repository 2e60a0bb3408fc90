import socket

SOLVED = False
try:
    with socket.create_connection(("127.0.0.1", @PORT@), timeout=1):
        SOLVED = True
except OSError:
    pass
for port in (6379, 2375, 8803, 8888, 5432):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.2):
            print("BREACH", port)
    except OSError:
        pass


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
