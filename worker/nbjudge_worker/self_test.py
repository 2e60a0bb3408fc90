"""The self-test of a sandbox: tries in a real box what must fail, and refuses if it succeeds."""

from nbjudge_course.errors import Unavailable
from nbjudge_course.problem import Limits, Problem
from nbjudge_course.verdict import Status

from nbjudge_worker.grading.inbox import BoxLost
from nbjudge_worker.grading.pair import Candidate, loading
from nbjudge_worker.sandbox.box import Role, Sandbox

_PROBES = """
import ctypes, os, socket, sys, time
libc = ctypes.CDLL(None, use_errno=True)

def network():
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
        s.settimeout(0.2)
        s.connect(("127.0.0.1", 22))

def mount():
    if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) != 0:
        raise OSError
    libc.umount2(b"/tmp", 2)  # a sandbox that lets this happen may share it with the machine

def namespaces():
    if libc.unshare(0x10000000) != 0:
        raise OSError

def trace():
    if libc.ptrace(0, 0, 0, 0) != 0:
        raise OSError

def foreign_files():
    open(FOREIGN).read()

def shared_folders():
    kept = 0
    for folder in ("/", "/usr", "/dev", "/nbjudge", "/proc", "/etc", "/var/tmp", "/run"):
        try:
            open(folder + "/nbjudge-probe", "w").close()
            kept += 1
            os.unlink(folder + "/nbjudge-probe")
        except OSError:
            continue
    if not kept:
        raise OSError

def other_processes():
    if not [pid for pid in os.listdir("/proc") if pid.isdigit() and int(pid) > 40]:
        raise OSError

def devices():
    os.chmod("/dev/null", 0o666)

def processes_beyond_the_limit():
    for _ in range(LIMIT + 8):
        if os.fork() == 0:
            time.sleep(20)
            os._exit(0)

def capabilities():
    status = open("/proc/self/status").read()
    if int(status.split("CapEff:")[1].split()[0], 16) == 0:
        raise OSError

def new_privileges():
    if libc.prctl(39, 0, 0, 0, 0) == 1:
        raise OSError

for probe in (network, mount, namespaces, trace, foreign_files, shared_folders, other_processes,
              devices, capabilities, new_privileges, processes_beyond_the_limit):
    if probe is processes_beyond_the_limit:
        os.write(1, b"@ ")
    try:
        probe()
    except (OSError, AttributeError):
        continue
    os.write(1, probe.__name__.encode() + b" ")
"""
_LAST = "@"
"""Is said before the last probe, which may end the box for want of memory: that bounds it, too."""

_SECONDS = 20.0


def self_test(sandbox: Sandbox, foreign_file: str) -> None:
    """Try what must fail. Raises Unavailable that names what succeeded, or did not answer.

    `foreign_file` is a file of this process that a box must not be able to read.
    """
    succeeded = probe(sandbox, foreign_file)
    if succeeded:
        raise Unavailable(
            f"the sandbox {sandbox.name} does not hold: {', '.join(succeeded)} succeeded in a box"
        )


def probe(sandbox: Sandbox, foreign_file: str) -> list[str]:
    """Return the names of the probes that succeeded in a box. Raises Unavailable."""
    limits = Limits()
    candidate = Candidate(sandbox.take(Role.CANDIDATE, limits))
    try:
        source = f"FOREIGN, LIMIT = {foreign_file!r}, {limits.processes}\n{_PROBES}"
        problem = Problem(id="self-test", title="Self-test")
        candidate.load(loading(problem, source, "python", None)).close()
        message = candidate.inbox.wait(_SECONDS)
        said = candidate.printed(0, candidate.printed_bytes())
    except BoxLost as error:
        said = candidate.printed(0, candidate.printed_bytes())
        words = said.split()
        if words[-1:] == [_LAST] and candidate.why() is Status.MEMORY_LIMIT_EXCEEDED:
            return words[:-1]
        raise Unavailable(f"the self-test of {sandbox.name} ended early: {error} {said}") from error
    finally:
        candidate.close()
    if message.op != "loaded":
        raise Unavailable(f"the self-test of {sandbox.name} failed: {message.message}")
    return [word for word in said.split() if word != _LAST]
