# /// case
# verdicts = ["wrong_answer", "runtime_error", "memory_limit_exceeded", "time_limit_exceeded"]
# target = "ordered"
# ///
def ordered(numbers):
    return [None] * 20_000_000
