# /// case
# verdicts = ["time_limit_exceeded", "runtime_error", "wrong_answer", "memory_limit_exceeded"]
# target = "recursive_callback"
# ///
def descend(function, depth):
    return function(descend, depth + 1)
