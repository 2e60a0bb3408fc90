# /// case
# verdicts = ["runtime_error", "memory_limit_exceeded"]
# target = "checksum"
# ///
def checksum(text):
    number = 0
    while True:
        number += 1
        with open(f"nbj-hostile-{number}", "wb") as file:
            file.write(bytes(1 << 20))
