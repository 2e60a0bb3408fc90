"""After many hostile submissions the worker is as it was after a few."""

import os
import time
from pathlib import Path

from graded_case import read_targets
from graders import SLOW

CHECKSUM = read_targets(Path(__file__).parent / "targets.toml")["checksum"]
MANY, FEW = 40, 8
MIB = 1024 * 1024
GROWTH_BYTES = 32 * MIB

FORKS = """
import os
os.fork()
def checksum(text):
    os._exit(1)
"""
THREADS = """
import threading, time
threading.Thread(target=time.sleep, args=(99,)).start()
def checksum(text):
    return bytearray(1 << 22)
"""
FILES = """
import os
held = [os.pipe() for _ in range(20)]
def checksum(text):
    open("left", "w").write("x" * 1000)
    return held
"""
SOURCES = (FORKS, THREADS, FILES, "def checksum(text:")


def descendants() -> list[int]:
    """Return the processes that this one started, and theirs."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(path.parent.name)] = int(fields[1])
    found, new = set(), {os.getpid()}
    while new:
        new = {child for child, parent in parents.items() if parent in new} - found
        found |= new
    return sorted(found)


def memory_bytes() -> int:
    """Return what this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def groups() -> int:
    """Return how many control groups of ours there are."""
    mine = f"nbjudge-{os.getpid()}-"
    return sum(name.startswith(mine) for _, names, _ in os.walk("/sys/fs/cgroup") for name in names)


def entries(folder: str) -> int:
    return sum(1 for _ in Path(folder).iterdir())


def counts() -> dict[str, int]:
    return {
        "descriptors": entries("/proc/self/fd"),
        "processes": len(descendants()),
        "groups": groups(),
        "mounts": len(Path("/proc/self/mounts").read_text().splitlines()),
        "threads": entries("/proc/self/task"),
    }


def more(now: dict[str, int], before: dict[str, int], most: int) -> dict[str, int]:
    return {what: n for what, n in now.items() if n > before[what] + most}


def settled(before: dict[str, int], most: int) -> dict[str, int]:
    """Return the counts, once they are little more than before or have had time to be."""
    until = time.monotonic() + 30
    while more(now := counts(), before, most) and time.monotonic() < until:
        time.sleep(0.1)
    return now


def at_rest() -> dict[str, int]:
    """Return the counts when nothing is being prepared any more."""
    now = counts()
    for _ in range(5):
        time.sleep(0.5)
        now, then = counts(), now
        if now == then:
            break
    return now


def test_many_submissions_leave_no_more_than_a_few(grader, host, request):
    many = FEW if request.node.callspec.params["grader"] in SLOW else MANY
    for source in SOURCES * 2:
        grader.grade(CHECKSUM, source, "python")
    grader.rest()
    before, memory = at_rest(), memory_bytes()

    statuses = [grader.grade(CHECKSUM, source, "python").status for source in SOURCES * (many // 4)]

    assert not {"accepted", "internal_error"} & set(statuses)
    grader.rest()
    most = many - 2  # a spawner may be replaced meanwhile; a leak would count with every submission
    assert more(settled(before, most), before, most) == {}
    assert memory_bytes() - memory < GROWTH_BYTES
    host.check()
