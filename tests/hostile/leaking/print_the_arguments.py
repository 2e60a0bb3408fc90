# /// case
# target = "leaky"
# ///
def measure(text):
    print(text, text[::-1])
    return 0
