"""`nbjudge doctor`: which sandbox can be used here, and which of its limits are in force."""

import argparse
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence

from nbjudge_course.errors import Unavailable
from nbjudge_course.languages import LANGUAGES, LANGUAGES_OF, Language
from nbjudge_course.problem import Kind, Limits

from nbjudge_worker.grading.compiling import version
from nbjudge_worker.sandbox.box import Sandbox
from nbjudge_worker.sandbox.cgroup import new_cgroup
from nbjudge_worker.sandbox.docker.engine import DockerSandbox
from nbjudge_worker.sandbox.docker.report import in_force
from nbjudge_worker.sandbox.engines import ENGINES, open_sandbox
from nbjudge_worker.self_test import probe


def main(arguments: Sequence[str]) -> int:
    """Say which sandbox works on this machine, and what holds a student's code in it."""
    parser = argparse.ArgumentParser(prog="nbjudge doctor", description=main.__doc__)
    parser.add_argument("--sandbox", default="auto", choices=ENGINES)
    options = parser.parse_args(arguments)
    try:
        sandbox = open_sandbox(options.sandbox)
    except Unavailable as error:
        sys.stdout.write(f"sandbox       none can be used: {error}\n")
        return 1
    try:
        for name, told in report(sandbox):
            sys.stdout.write(f"{name:<13} {told}\n")
    finally:
        sandbox.close()
    return 0


def report(sandbox: Sandbox) -> Iterator[tuple[str, str]]:
    """Yield each limit and whether, and how, it is in force. Raises Unavailable."""
    if sandbox.name == "none":
        yield "sandbox", "none: UNSAFE, a student's code can do all that this user can"
        return
    if isinstance(sandbox, DockerSandbox):
        yield from in_force(sandbox)
        yield "self-test", _tested(sandbox)
        return
    group = new_cgroup()
    how = f"by a control group ({type(group).__name__[-2:].lower()})" if group else None
    if group is not None:
        group.remove()
    yield "machine", platform.machine()
    yield "sandbox", f"{sandbox.name}, prepared children in namespaces of their own"
    yield "cpu time", f"in force, {how or 'by watching /proc'}"
    yield "wall time", "in force, by the worker's clock"
    yield "memory", f"in force, {how or 'by watching /proc, and RLIMIT_DATA for each process'}"
    yield "processes", f"in force, {how or 'by RLIMIT_NPROC'}"
    kibibytes = Limits().output_bytes // 1024
    yield "output", f"in force, by the worker: {kibibytes} KiB unless a problem says"
    yield "files", "in force, by the size of a file system in memory, and RLIMIT_FSIZE"
    yield "network", "none: an empty network namespace"
    yield "system calls", "filtered by seccomp"
    for language in LANGUAGES.values():
        yield language.name, _version(sandbox, language)
    yield "self-test", _tested(sandbox)


def _tested(sandbox: Sandbox) -> str:
    with tempfile.NamedTemporaryFile(prefix="nbjudge-") as foreign:
        broken = probe(sandbox, foreign.name)
    return "passed" if not broken else f"FAILED: {', '.join(broken)}"


def _version(sandbox: Sandbox, language: Language) -> str:
    kinds = " and ".join(f"{kind}s" for kind in Kind if language.name in LANGUAGES_OF[kind])
    if language.name == "python":
        return f"{platform.python_version()}, {kinds}"
    try:
        said = version(sandbox, language)
    except Unavailable as error:
        return f"not offered: {error}"
    return f"{said}, {kinds}"
