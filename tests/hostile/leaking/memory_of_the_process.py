# /// case
# target = "leaky"
# ///
import re


def memory():
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as mem:
        for line in maps:
            area, rights = line.split()[:2]
            start, end = (int(part, 16) for part in area.split("-"))
            if rights.startswith("rw") and end - start < 1 << 26:
                try:
                    mem.seek(start)
                    yield mem.read(end - start)
                except (OSError, ValueError):
                    continue


for block in memory():
    if re.search(rb"asser[t] measure\(", block):
        print("BREACH")


def measure(text):
    return 0
