# /// case
# verdicts = ["time_limit_exceeded", "runtime_error", "wrong_answer", "memory_limit_exceeded"]
# target = "callback"
# ///
def apply_twice(function, value):
    return function(1 << 100_000_000)
