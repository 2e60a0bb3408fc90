# /// case
# limits = { cpu_seconds = 0.5, wall_seconds = 5.0 }
# [[tests]]
# source = "assert double(2) == 4"
# ///
def double(n):
    return sum(range(10**12))
