# /// case
# target = "leaky"
# ///
def measure(text):
    return [text]
