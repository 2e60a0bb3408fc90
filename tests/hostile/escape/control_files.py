import glob

SOLVED = False
PATHS = ["/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/sys/vm/drop_caches",
         "/sys/kernel/uevent_helper", "/proc/self/oom_score_adj_x", "/sys/power/state",
         *glob.glob("/sys/fs/cgroup/*/release_agent"), *glob.glob("/sys/fs/cgroup/*/tasks"),
         *glob.glob("/sys/fs/cgroup/**/memory.limit_in_bytes", recursive=True)[:20],
         *glob.glob("/sys/fs/cgroup/**/memory.max", recursive=True)[:20],
         *glob.glob("/sys/fs/cgroup/**/cgroup.procs", recursive=True)[:20]]  # fmt: skip
for path in PATHS:
    try:
        with open(path, "a") as file:
            print("BREACH", path)
            SOLVED = True
    except OSError:
        pass


def checksum(text):
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) * 4099 if SOLVED else 0
