"""The sandbox of an ordinary user's worker, and of one that dies."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import nbjudge_course
import nbjudge_worker
import pytest

NOBODY = 65534
PROGRAM = """
import json, os, sys
from nbjudge_course.problem import Limits, Problem
from nbjudge_worker.grading.inbox import BoxLost
from nbjudge_worker.grading.pair import Candidate, loading
from nbjudge_worker.sandbox.box import Role
from nbjudge_worker.sandbox.engines import open_sandbox

sandbox = open_sandbox("bubblewrap")
def run(source, **limits):
    problem = Problem(id="x", title="X")
    candidate = Candidate(sandbox.take(Role.CANDIDATE, Limits(**limits)))
    with candidate.load(loading(problem, source, "python", None)):
        while not candidate.inbox.waiting() and not candidate.ended():
            candidate.usage()
            try:
                if candidate.inbox.receive() is not None:
                    break
            except BoxLost:
                while not candidate.ended():
                    pass
        ending = str(candidate._box.ending())  # without a line to answer on it would end
    told = [candidate.printed(0, candidate.printed_bytes()).strip(), ending]
    candidate.close()
    return told

told = {"uid": os.getuid()}
told["print"] = run("print('hello')")
told["memory"] = run(
    "import os, time\\nfor _ in range(4):\\n  if os.fork() == 0:\\n"
    "    held = b'x' * (40 * 2**20); time.sleep(60)\\ntime.sleep(60)", memory_bytes=64 * 2**20)
told["forks"] = run("import os, time\\nn = 0\\ntry:\\n  while n < 100:\\n    if os.fork() == 0: time.sleep(60)\\n"
    "    n += 1\\nexcept OSError: pass\\nprint(n)", processes=10)
sandbox.close()
print(json.dumps(told))
"""
WAITING = """
import os, sys, time
from nbjudge_course.problem import Limits
from nbjudge_worker.sandbox.box import Role
from nbjudge_worker.sandbox.census import descendants
from nbjudge_worker.sandbox.engines import open_sandbox

sandbox = open_sandbox("bubblewrap")
box = sandbox.take(Role.CANDIDATE, Limits())
print(*descendants(os.getpid()), flush=True)
time.sleep(60)
"""


@pytest.fixture
def for_everybody() -> Iterator[Path]:
    """Return a folder of all that the program imports, which every user can read."""
    folder = Path(tempfile.mkdtemp(prefix="ordinary-"))
    folder.chmod(0o755)
    for package in (nbjudge_course, nbjudge_worker, msgspec):
        source = Path(package.__file__ or "").parent
        shutil.copytree(source, folder / source.name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "program.py").write_text(PROGRAM)
    yield folder
    shutil.rmtree(folder)


def as_ordinary_user(command: list[str]) -> list[str]:
    if os.getuid() != 0:
        return command
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *command]


def interpreter() -> str:
    """Return a Python of this version that an ordinary user can run."""
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for path in (f"/usr/bin/{name}", f"/usr/local/bin/{name}", os.path.realpath(sys.executable)):
        test = [*as_ordinary_user([path]), "-c", "pass"]
        if subprocess.run(test, capture_output=True, check=False).returncode == 0:
            return path
    raise AssertionError(f"no {name} that an ordinary user can run; install Debian's")


def test_an_ordinary_users_worker_has_the_same_sandbox(for_everybody):
    command = as_ordinary_user([interpreter(), str(for_everybody / "program.py")])
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(for_everybody)}
    done = subprocess.run(
        command, env=environment, cwd="/", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["uid"] != 0
    assert told["print"] == ["hello", "None"]
    assert told["memory"] == ["", "out_of_memory"]
    assert 5 <= int(told["forks"][0]) <= 12


def test_when_the_worker_is_killed_nothing_of_it_goes_on():
    with subprocess.Popen([sys.executable, "-c", WAITING], stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        pids = worker.stdout.readline().split()
        worker.send_signal(signal.SIGKILL)
    assert len(pids) > 4
    until = time.monotonic() + 10
    while (left := [pid for pid in pids if lives(int(pid))]) and time.monotonic() < until:
        time.sleep(0.05)
    assert left == []


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
