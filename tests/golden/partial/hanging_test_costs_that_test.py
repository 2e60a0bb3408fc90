# /// case
# limits = { cpu_seconds = 0.5 }
# cause = "time_limit_exceeded"
# points = 2.0
# results = ["accepted", "time_limit_exceeded", "accepted"]
# [[tests]]
# source = "assert double(1) == 2"
# [[tests]]
# source = "assert double(3) == 6"
# [[tests]]
# source = "assert double(5) == 10"
# ///
def double(n):
    while n == 3:
        pass
    return 2 * n
