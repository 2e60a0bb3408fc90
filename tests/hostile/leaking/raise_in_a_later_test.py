# /// case
# target = "leaky"
# ///
seen = []


def measure(text):
    seen.append(text)
    error = ValueError("seen: " + " ".join(seen))
    error.add_note("note: " + " ".join(seen))
    raise error from KeyError(*seen)
