# /// case
# target = "leaky"
# ///
seen = []


def measure(text):
    seen.append(text)
    return list(seen)
