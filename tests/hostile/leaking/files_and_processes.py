# /// case
# verdicts = ["wrong_answer", "runtime_error", "time_limit_exceeded"]
# target = "leaky"
# ///
import os
import re


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read(100_000)
    except (OSError, ValueError):
        return b""


def walk():
    for folder in ("/proc/self", "/proc/1", "/proc/2", f"/proc/{os.getppid()}", "/tmp", "/run",
                   "/root", "/home", "/dev/shm", "/var/tmp", "/etc/nbjudge", "."):  # fmt: skip
        for place, folders, names in os.walk(folder):
            folders[:] = folders[:20]
            for name in names[:200]:
                if name not in ("kmsg", "pagemap", "mem", "clear_refs"):
                    yield os.path.join(place, name)


def measure(text):
    for path in list(walk())[:3000]:
        content = read(path)
        if re.search(rb"asser[t] measure", content):
            print("BREACH", path)
    return 0
