"""Which limits hold a student's code in a container, as the daemon itself tells of one."""

from collections.abc import Iterator
from typing import Any

from nbjudge_course.problem import Limits

from nbjudge_worker.sandbox import landlock
from nbjudge_worker.sandbox.box import Role
from nbjudge_worker.sandbox.docker.box import OnlyBox
from nbjudge_worker.sandbox.docker.engine import DockerSandbox

_MIB = 1024 * 1024


def in_force(sandbox: DockerSandbox) -> Iterator[tuple[str, str]]:
    """Yield each limit and whether, and how, it is in force, read from a container with a box.

    Raises Unavailable.
    """
    box = sandbox.take(Role.CANDIDATE, Limits())
    try:
        once = isinstance(box, OnlyBox)
        found = sandbox.daemon.inspected(box.container.id)  # type: ignore[attr-defined]  # a ContainedBox
    finally:
        box.close()
    host = found["HostConfig"]
    kept = "thrown away after one submission" if once else "of many submissions, each its own user"
    yield "sandbox", f"{sandbox.name}, containers {kept}"
    yield "daemon", _daemon(sandbox)
    yield "image", f"{sandbox.daemon.settings.image}, runtime {found['HostConfig']['Runtime']}"
    yield "user", f"{found['Config']['User']}{'' if once else ', each box another'}"
    yield "capabilities", _capabilities(host)
    yield "privileges", _told(any("no-new-priv" in o for o in host["SecurityOpt"]), "none are new")
    yield "network", _told(host["NetworkMode"] == "none", "none")
    yield "root files", _told(host["ReadonlyRootfs"], "read-only")
    yield "memory", _told(host["Memory"] == host["MemorySwap"] > 0, "by a control group, no swap")
    yield "processes", _told(host["PidsLimit"] > 0, f"at most {host['PidsLimit']} in all")
    yield "processors", _told(host["NanoCpus"] > 0, f"at most {host['NanoCpus'] / 1e9:g}")
    yield "files", _told(bool(host["Tmpfs"]), f"in memory, {host['ShmSize'] // _MIB} MiB a folder")
    yield "cpu time", "in force, by a control group and the worker's clock"
    yield "system calls", "filtered by seccomp, by the daemon's profile and by the box's own"
    yield "landlock", _landlock(host["Runtime"])


def _told(holds: bool, how: str) -> str:  # noqa: FBT001  # what is told is a truth
    return f"in force: {how}" if holds else "NOT IN FORCE"


def _capabilities(host: dict[str, Any]) -> str:
    added = ", ".join(host["CapAdd"] or ())
    ends = f"in force: dropped, but {added} for what starts boxes" if added else "in force: dropped"
    return ends if [name.upper() for name in host["CapDrop"]] == ["ALL"] else "NOT IN FORCE"


def _daemon(sandbox: DockerSandbox) -> str:
    about = sandbox.daemon.about
    rootless = any("rootless" in option for option in about.get("SecurityOptions") or ())
    return f"{about.get('ServerVersion', 'unknown')}, {'rootless' if rootless else 'as root'}"


def _landlock(runtime: str) -> str:
    if runtime not in ("runc", "crun"):
        return f"not in force: {runtime} has none, and stands between the box and the kernel"
    version = landlock.version()
    return f"in force: version {version}" if version else "not in force: this kernel has none"
