# /// case
# limits = { memory_bytes = 67108864 }
# [[tests]]
# source = "assert double(2) == 4"
# ///
def double(n):
    hoard = []
    while True:
        hoard.append(bytearray(1 << 20))
