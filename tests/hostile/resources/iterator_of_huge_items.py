# /// case
# verdicts = ["wrong_answer", "runtime_error", "memory_limit_exceeded", "time_limit_exceeded"]
# target = "ordered"
# ///
def ordered(numbers):
    while True:
        yield "x" * 1_000_000
