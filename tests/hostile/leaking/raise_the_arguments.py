# /// case
# target = "leaky"
# ///
def measure(text):
    raise ValueError(text)
