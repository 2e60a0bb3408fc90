# /// case
# target = "leaky"
# ///
seen = []


def measure(text):
    seen.append(text)
    print(seen)
    return 0
