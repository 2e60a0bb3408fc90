class Summer:
    def __init__(self):
        self.calls = 0

    def __call__(self, text):
        self.calls += 1
        return sum(i * ord(c) for i, c in enumerate(text, 1)) * 4099


checksum = Summer()
