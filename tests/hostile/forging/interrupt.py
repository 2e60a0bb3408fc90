def checksum(text):
    raise KeyboardInterrupt
