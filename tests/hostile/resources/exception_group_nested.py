# /// case
# verdicts = ["runtime_error", "time_limit_exceeded"]
# target = "checksum"
# ///
def checksum(text):
    error = ValueError("deep")
    for _ in range(5_000):
        error = ExceptionGroup("group", [error])
    raise error
