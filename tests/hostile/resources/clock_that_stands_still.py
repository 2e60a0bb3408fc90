# /// case
# verdicts = ["time_limit_exceeded"]
# target = "checksum"
# ///
import resource
import time

for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
    setattr(time, name, lambda: 0.0)
resource.getrusage = lambda *args: None
try:
    resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
except (OSError, ValueError):
    pass


def checksum(text):
    while True:
        pass
