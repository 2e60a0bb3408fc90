import os

SOLVED = False
try:
    os.sched_setaffinity(0, {0})
    with open("/proc/self/oom_score_adj", "w") as file:
        file.write("1000")
    with open("/proc/self/comm", "w") as file:
        file.write("nbj-counters")
except OSError:
    pass
for name in os.listdir("/proc"):
    try:
        with open(f"/proc/{name}/comm") as file:
            SOLVED = SOLVED or (file.read() == "nbj-counters\n" and name not in ("self", "thread-self", str(os.getpid())))
    except OSError:
        pass


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
