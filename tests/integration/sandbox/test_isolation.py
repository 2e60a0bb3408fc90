"""What a box of the engine bubblewrap keeps from a student's code, tried from within."""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import Limits, Problem
from nbjudge_worker.grading.pair import Candidate, loading
from nbjudge_worker.sandbox.box import Role, Sandbox
from nbjudge_worker.sandbox.engines import open_sandbox
from nbjudge_worker.sandbox.spawning import Spawner, Way
from nbjudge_worker.self_test import self_test

MIB = 1024 * 1024
PROBLEM = Problem(id="x", title="X")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    opened = open_sandbox("bubblewrap")
    yield opened
    opened.close()


@pytest.fixture
def said(sandbox: Sandbox) -> Callable[..., str]:
    def ran(source: str, libraries: tuple[str, ...] = (), **limits: int) -> str:
        box = sandbox.take(Role.CANDIDATE, Limits(**limits), libraries)
        candidate = Candidate(box)
        try:
            with candidate.load(loading(PROBLEM, source, "python", None)):
                message = candidate.inbox.wait(20.0)
                assert message.op == "loaded", message
                return candidate.printed(0, candidate.printed_bytes())
        finally:
            candidate.close()

    return ran


def refused(call: str) -> str:
    return f"""
import ctypes, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def check(result):
    if result == -1:
        raise OSError(ctypes.get_errno(), "refused")
try:
    {call}
    print("done")
except (OSError, ValueError):
    print("refused")
"""


@pytest.mark.parametrize(
    "call",
    [
        "socket.socket(socket.AF_INET)",
        "socket.socket(socket.AF_INET6)",
        "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
        "check(libc.socket(40, 1, 0))  # vsock",
        "check(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))",
        "check(libc.umount2(b'/proc', 2))",
        "check(libc.unshare(0x10000000))",
        "check(libc.unshare(0x00020000))",
        "check(libc.syscall(56, 0x10000000 | 17, 0, 0, 0, 0))  # clone with a user namespace",
        "check(libc.syscall(435, 0, 0))  # clone3",
        "check(libc.ptrace(0, 0, 0, 0))",
        "check(libc.syscall(250, 0, 0, 0))  # keyctl",
        "check(libc.syscall(321, 0, 0, 0))  # bpf",
        "check(libc.syscall(298, 0, 0, 0, 0, 0))  # perf_event_open",
        "check(libc.syscall(323, 0))  # userfaultfd",
        "check(libc.syscall(425, 4, 0))  # io_uring_setup",
        "check(libc.syscall(310, os.getpid(), 0, 0, 0, 0, 0))  # process_vm_readv",
        "check(libc.chroot(b'/cell'))",
        "os.setuid(0)",
        "os.setgroups([0])",
        "os.chmod('/dev/null', 0o666)",
        "os.chmod('/usr/bin/env', 0o755)",
        "os.utime('/dev/zero', (0, 0))",
        "os.mknod('/cell/node', 0o020666, os.makedev(1, 3)); open('/cell/node')",
        "open('/usr/written', 'w')",
        "open('/dev/written', 'w')",
        "open('/nbjudge/written', 'w')",
        "open('/dev/pts/written', 'w')",
        "open('/proc/sys/kernel/core_pattern', 'a')",
        "open('/proc/self/oom_score_adj', 'a')",
        "open('/etc/passwd')",
        "os.listdir('/home')",
        "os.listdir('/sys')",
    ],
)
def test_is_refused(said, call):
    assert said(refused(call)) == "refused\n"


def test_it_is_not_root_to_the_machine(said):
    """A user namespace may show another number, so the kernel is asked by way of a file."""
    inside = said("import os\nprint(os.getuid(), os.getgroups())")
    assert not inside.startswith("0 ")
    if os.getuid() == 0:
        assert int(inside.split()[0]) >= 2_000_000_000


def test_two_boxes_of_root_are_two_users(said):
    if os.getuid() != 0:
        assert said("import os\nprint(os.getuid())") == "1000\n"
        return
    assert said("import os\nprint(os.getuid())") != said("import os\nprint(os.getuid())")


def test_it_cannot_kill_what_watches_it(said):
    source = (
        "import os, time\nfor number in (9, 15, 19):\n    os.kill(1, number)\ntime.sleep(0.1)\n"
    )
    assert said(source + "print(os.path.exists('/proc/1'))") == "True\n"


def test_it_sees_no_process_but_its_own(said):
    source = "import os\nprint(len([name for name in os.listdir('/proc') if name.isdigit()]))"
    assert said(source) == "1\n"


def test_its_environment_is_its_own(said, monkeypatch):
    monkeypatch.setenv("NBJUDGE_TEST_SECRET", "canary")
    told = said("import os\nprint(os.environ)\nprint(open('/proc/1/environ', 'rb').read())"
                " if os.access('/proc/1/environ', os.R_OK) else None")  # fmt: skip
    assert "canary" not in told
    assert "/cell" in told


def test_the_files_of_the_worker_are_not_there(said, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("canary")
    source = (
        f"import os\nprint(os.path.exists({str(secret)!r}), os.path.exists({str(Path.cwd())!r}))"
    )
    assert said(source) == "False False\n"
    assert said("import os\nprint(sorted(os.listdir('/nbjudge/nbjudge_worker')))") == (
        "['__init__.py', 'candidate', 'candidate_js', 'codec', 'examiner', 'sandbox']\n"
    )


def test_all_folders_together_have_one_size(said):
    source = """
import os
kept = 0
for folder in ("/cell", "/tmp", "/dev/shm"):
    try:
        for number in range(1000):
            with open(f"{folder}/{number}", "wb", buffering=0) as file:
                kept += file.write(bytes(2**18))
    except OSError:
        pass
print(kept // 2**20)
"""
    assert 16 <= int(said(source)) <= 24
    assert 2 <= int(said(source, file_bytes=2 * MIB)) <= 10


def test_files_are_bounded_in_number(said):
    source = """
n = 0
try:
    while n < 10000:
        open(str(n), "w").close()
        n += 1
except OSError:
    pass
print(n)
"""
    assert int(said(source)) < 5000


def test_libraries_are_held_ready_only_when_asked_for(said):
    source = "import sys\nprint('numpy' in sys.modules)"
    assert said(source) == "False\n"
    assert said(source, ("numpy",)) == "True\n"
    assert (
        said("import pandas\nprint(pandas.DataFrame({'n': [1, 2]}).n.sum())", ("numpy", "pandas"))
        == "3\n"
    )


def test_the_self_test_names_what_does_not_hold():
    bare = open_sandbox("none")
    try:
        with pytest.raises(Unavailable, match=r"does not hold: .*foreign_files"):
            self_test(bare, str(Path(__file__)))
    finally:
        bare.close()


@pytest.mark.parametrize("name", ["runsc", "cardboard"])
def test_an_engine_that_is_not_there_is_refused_by_name(name):
    with pytest.raises(Unavailable, match=name):
        open_sandbox(name)


def test_without_bubblewrap_one_is_told_how_to_get_it(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Unavailable, match="apt-get install bubblewrap"):
        open_sandbox("bubblewrap")


def test_a_spawner_that_ended_before_its_first_order_can_be_refilled() -> None:
    class Ended:
        def __init__(self) -> None:
            self.control, theirs = socket.socketpair()
            theirs.close()

        def has_ended(self) -> bool:
            return True

        def said(self) -> str:
            return "gone"

        def close(self) -> None:
            self.control.close()

    spawner = Spawner(Way(lambda _role, _libraries: Ended(), b"-"), Role.CANDIDATE, ())
    spawner.refill()
    with pytest.raises(Unavailable, match="gone"):
        spawner.take(Limits())
    spawner.close()
