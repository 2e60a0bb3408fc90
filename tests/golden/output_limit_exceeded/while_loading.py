# /// case
# limits = { output_bytes = 65536 }
# [[tests]]
# source = "assert double(2) == 4"
# ///
for n in range(10_000_000):
    print(n)


def double(n):
    return 2 * n
