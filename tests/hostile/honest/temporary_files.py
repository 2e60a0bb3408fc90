import os
import tempfile


def checksum(text):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "text")
        with open(path, "w") as file:
            file.write(text)
        with open("notes.txt", "a") as notes:
            notes.write("done\n")
        with open(path) as file:
            return sum(i * ord(c) for i, c in enumerate(file.read(), 1)) * 4099
