# /// case
# target = "leaky"
# ///
seen = []


def measure(text):
    seen.append(text.replace("-", "_"))
    return type("_".join(seen), (), {"__repr__": lambda self: " ".join(seen)})()
