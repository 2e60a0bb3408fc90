# /// case
# target = "leaky"
# ///
def measure(text):
    raise type(text.replace("-", "_"), (Exception,), {})(text)
