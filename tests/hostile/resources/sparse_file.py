# /// case
# target = "checksum"
# ///
def checksum(text):
    with open("nbj-hostile-sparse", "wb") as file:
        file.truncate(1 << 42)
        file.seek(1 << 41)
        file.write(b"x")
    return 0
