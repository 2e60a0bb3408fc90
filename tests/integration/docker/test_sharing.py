"""What one submission can do to another in the same container: nothing."""

import time

import pytest
from nbjudge_worker.grading.inbox import BoxLost

NEXT = """
import ctypes, glob, os
print([name for name in glob.glob("/tmp/*") + glob.glob("/dev/shm/*") if "left" in name])
for folder in ("/cell", "/nbjudge-door", "/root", "/sys"):
    try:
        print(folder, os.listdir(folder))
    except OSError:
        pass
"""
LEFT = """
import os, sys
for place in (os.getcwd(), "/tmp", "/dev/shm"):
    os.makedirs(f"{place}/left/inner")
    open(f"{place}/left/inner/file", "w").write("x")
    os.chmod(f"{place}/left/inner", 0)
    os.chmod(f"{place}/left", 0)
    open(f"{place}/left.txt", "w").write("x")
os.chdir("/tmp")
for _ in range(3000):
    os.mkdir("d"); os.chdir("d")
"""


def test_no_file_of_one_is_there_for_the_next(shared, said):
    container = shared.daemon.api.containers(
        filters={"label": f"nbjudge.owner={shared.daemon.doors.owner}"}
    )
    said(shared, LEFT)

    assert said(shared, NEXT) == "[]\n"
    assert len(container) == 2


def test_two_boxes_are_two_users_who_cannot_reach_each_other(shared, start, said):
    first = start(shared, "import os, time\nprint(os.getuid(), os.getpid(), flush=True)\n"
                          "open('/tmp/first', 'w').write('x'); time.sleep(30)")  # fmt: skip
    while first.printed_bytes() == 0:
        time.sleep(0.01)
    user, pid = first.printed(0, 99).split()
    source = f"""
import os, resource
print(os.getuid() == {user})
for act in (
    lambda: os.kill({pid}, 9), lambda: os.kill(1, 9), lambda: os.kill(os.getppid(), 9),
    lambda: resource.prlimit({pid}, resource.RLIMIT_CPU, (1, 1)),
    lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1, 1)),
    lambda: os.setpriority(os.PRIO_PROCESS, {pid}, 19),
    lambda: os.sched_setaffinity({pid}, [0]),
    lambda: open("/proc/{pid}/mem"), lambda: os.listdir("/proc/{pid}/cwd/"),
    lambda: os.listdir("/cell/{user}"), lambda: os.unlink("/tmp/first"),
):
    try:
        act()
        print("DONE")
    except OSError:
        pass
try:
    os.kill(-1, 9)
except OSError:
    pass
"""
    assert said(shared, source) == "False\n"
    assert not first.ended()


def test_nothing_of_the_kernels_outlives_a_box(shared, said):
    source = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
print(libc.shmget(7, 4096, 0o1666), libc.semget(7, 1, 0o1666), libc.msgget(7, 0o1666))
print(libc.syscall(240, b"left", os.O_CREAT | os.O_RDWR, 0o666, None))
"""
    assert said(shared, source) == "-1 -1 -1\n-1\n"


def test_what_waits_for_the_next_submission_survives_a_box_that_kills_all_it_can(shared, said):
    source = """
import os
for name in os.listdir("/proc"):
    if name.isdigit() and int(name) != os.getpid():
        for number in (9, 19):
            try:
                os.kill(int(name), number)
            except OSError:
                pass
print("tried")
"""
    before = [one["Id"] for one in shared.daemon.api.containers()]
    assert said(shared, source) == said(shared, source) == "tried\n"
    assert set(before) <= {one["Id"] for one in shared.daemon.api.containers()}


def test_a_box_ends_with_all_that_escaped_from_its_family(shared, start, said):
    source = """
import os, signal, time
for number in (1, 2, 15):
    signal.signal(number, signal.SIG_IGN)
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True:
                if os.fork() == 0:
                    time.sleep(0.001)
                    os._exit(0)
                os.wait()
        os._exit(0)
print(os.getuid())
"""
    user = said(shared, source).strip()

    listed = "import os\nprint([n for n in os.listdir('/proc') if n.isdigit()"
    assert said(shared, f"{listed} and os.stat('/proc/' + n).st_uid == {user}])") == "[]\n"


def test_the_memory_of_the_files_of_a_box_is_its_own(shared, start):
    cell = start(
        shared,
        "held = open('/tmp/big', 'wb')\nfor _ in range(200):\n    held.write(b'x' * 2**20)",
        memory_bytes=64 * 2**20,
        file_bytes=512 * 2**20,
    )
    with pytest.raises(BoxLost):
        cell.inbox.wait(20.0)
    assert cell.why() == "memory_limit_exceeded"
