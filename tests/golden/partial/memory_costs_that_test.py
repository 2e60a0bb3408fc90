# /// case
# limits = { memory_bytes = 67108864 }
# cause = "memory_limit_exceeded"
# points = 2.0
# results = ["accepted", "memory_limit_exceeded", "accepted"]
# [[tests]]
# source = "assert double(1) == 2"
# [[tests]]
# source = "assert double(3) == 6"
# [[tests]]
# source = "assert double(5) == 10"
# ///
def double(n):
    if n == 3:
        hoard = [bytearray(1 << 20) for _ in range(200)]
        n = len(hoard)
    return 2 * n
