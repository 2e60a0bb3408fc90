# /// case
# limits = { memory_bytes = 67108864 }
# [[tests]]
# source = "assert double(2) == 4"
# ///
table = list(range(50_000_000))


def double(n):
    return 2 * n
