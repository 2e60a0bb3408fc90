# /// case
# verdicts = ["wrong_answer", "runtime_error", "memory_limit_exceeded", "time_limit_exceeded"]
# target = "ordered"
# ///
def ordered(numbers):
    nested = [1]
    for _ in range(60):
        nested = [nested, nested]
    return nested
