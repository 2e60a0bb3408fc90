"""What holds a student's code in a container, told by the daemon and tried from within."""

from contextlib import closing

import pytest
from nbjudge_course.problem import Limits
from nbjudge_worker.doctor import report
from nbjudge_worker.sandbox.box import Role

REFUSED = [
    "socket.socket(socket.AF_INET)",
    "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "check(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))",
    "check(libc.unshare(0x10000000))",
    "check(libc.ptrace(0, 0, 0, 0))",
    "check(libc.syscall(250, 0, 0, 0))  # keyctl",
    "check(libc.syscall(310, os.getpid(), 0, 0, 0, 0, 0))  # process_vm_readv",
    "check(libc.syscall(438, 3, 0, 0))  # pidfd_getfd",
    "check(libc.chroot(b'/cell'))",
    "os.setuid(0)",
    "os.setgroups([0])",
    "os.chmod('/dev/null', 0o666)",
    "os.mknod('/cell/node', 0o020666, os.makedev(1, 3)); open('/cell/node')",
    "open('/usr/written', 'w')",
    "open('/nbjudge/written', 'w')",
    "open('/nbjudge-door/written', 'w')",
    "open('/etc/written', 'w')",
    "open('/proc/sys/kernel/core_pattern', 'a')",
    "socket.socket(socket.AF_UNIX).connect('/var/run/docker.sock')",
    "socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET).connect('/nbjudge-door/control')",
    "open('/proc/1/mem', 'rb')",
    "os.listdir(f'/proc/{os.getppid()}/fd')",
    "open(f'/proc/{os.getppid()}/mem', 'rb')",
]
EMULATED = {call for call in REFUSED if "mknod" in call or "}/fd" in call}
"""Under gVisor a device is its own, and /proc lists the descriptors of a process of one's user."""
ATTEMPTS = """
import ctypes, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def check(result):
    if result == -1:
        raise OSError(ctypes.get_errno(), "refused")
for call in CALLS:
    try:
        exec(call)
        print("DONE:", call)
    except (OSError, ValueError):
        pass
"""


def test_whatever_reaches_out_is_refused(sandbox, said):
    calls = [call for call in REFUSED if sandbox.name != "docker:runsc" or call not in EMULATED]
    assert said(sandbox, f"CALLS = {calls!r}\n{ATTEMPTS}") == ""


def test_each_container_is_held_by_all_that_docker_has(sandbox):
    with closing(sandbox.take(Role.CANDIDATE, Limits())) as box:
        found = sandbox.daemon.inspected(box.container.id)
    host = found["HostConfig"]

    assert host["NetworkMode"] == "none"
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert sorted(host["CapAdd"] or ()) == (["SETGID", "SETUID"] if is_shared(sandbox) else [])
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert host["Memory"] == host["MemorySwap"] > 0
    assert host["PidsLimit"] > 0
    assert host["NanoCpus"] > 0
    assert host["Init"]
    assert host["IpcMode"] == "private"
    assert not host["Privileged"]
    assert found["Config"]["User"] == ("0:0" if is_shared(sandbox) else "65534:65534")


def is_shared(sandbox) -> bool:
    return sandbox.name == "docker-shared"


def test_a_box_has_no_privilege_and_no_capability(sandbox, said):
    source = """
import ctypes, os
told = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
print(os.getuid() > 0, os.getgroups() in ([], [65534]), int(told["CapEff"], 16), int(told["CapPrm"], 16))
print(ctypes.CDLL(None).prctl(39, 0, 0, 0, 0), told["Seccomp"].strip())
"""
    assert said(sandbox, source) == "True True 0 0\n1 2\n"


def test_the_image_holds_the_runtime_and_nothing_of_the_workers(sandbox, said):
    source = "import os\nprint(*sorted(os.listdir('/nbjudge')))\n"
    source += "print(*sorted(os.listdir('/nbjudge/nbjudge_worker')))"

    course, worker = said(sandbox, source).splitlines()

    assert course == "nbjudge_course nbjudge_worker"
    assert {"candidate", "examiner"} <= set(worker.split())
    assert {"grading", "queue", "loop.py"}.isdisjoint(worker.split())


def test_the_environment_tells_nothing_of_the_worker(sandbox, said, monkeypatch):
    monkeypatch.setenv("NBJUDGE_TEST_SECRET", "canary")
    assert "canary" not in said(sandbox, "import os\nprint(os.environ)")


def test_doctor_tells_each_limit_and_that_it_is_in_force(sandbox):
    told = dict(report(sandbox))

    assert told["self-test"] == "passed"
    assert [name for name, how in told.items() if "NOT IN FORCE" in how] == []
    for limit in ("memory", "processes", "processors", "network", "root files", "capabilities"):
        assert told[limit].startswith("in force"), told


@pytest.mark.parametrize("library", ["numpy", "pandas"])
def test_the_libraries_of_a_course_are_in_the_image(sandbox, library):
    with closing(sandbox.take(Role.CANDIDATE, Limits(), (library,))) as box:
        assert box.ending() is None
