# /// case
# limits = { file_bytes = 1048576 }
# says = ["OSError"]
# [[tests]]
# source = "assert save() == 4"
# ///
def save():
    with open("big", "wb") as file:
        for _ in range(64):
            file.write(bytes(1 << 20))
            file.flush()
    return 4
