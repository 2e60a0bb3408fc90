# /// case
# verdicts = ["time_limit_exceeded", "runtime_error", "wrong_answer", "memory_limit_exceeded"]
# target = "callback"
# ///
def apply_twice(function, value):
    while True:
        function(1)
