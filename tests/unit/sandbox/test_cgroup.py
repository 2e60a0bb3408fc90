"""Control groups that are used again: nothing of the last box may be met in them."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nbjudge_worker.sandbox.bubblewrap import JoinedBox
from nbjudge_worker.sandbox.cgroup import Cgroup, Cgroups, new_cgroup, remove_left_behind
from nbjudge_worker.sandbox.cgroup_v1 import CgroupV1
from nbjudge_worker.sandbox.core import Core
from nbjudge_worker.sandbox.order import Order

MIB = 1024 * 1024


@pytest.fixture
def groups() -> Iterator[Cgroups]:
    before = folders()  # of graders that other tests have left open
    groups = Cgroups()
    yield groups
    groups.close()
    assert folders() <= before


def folders() -> set[str]:
    mine = f"nbjudge-{os.getpid()}-"
    found = (name for _, names, _ in os.walk("/sys/fs/cgroup") for name in names)
    return {name for name in found if name.startswith(mine)}


def taken(groups: Cgroups) -> Cgroup:
    group = groups.take()
    if group is None and os.getuid() != 0:
        pytest.skip("this user may make no control groups")
    assert group is not None
    return group


def door_of(group: Cgroup) -> Path:
    return Path(f"/proc/self/fd/{group.doors[0]}").readlink()


def started(group: Cgroup, work: Callable[[], object]) -> int:
    child = os.fork()
    if child == 0:
        try:
            for door in group.doors:
                os.write(door, b"0")
            work()
        finally:
            os._exit(0)
    return child


def run(group: Cgroup, work: Callable[[], object]) -> None:
    os.waitpid(started(group, work), 0)


def hold(mebibytes: int) -> None:
    assert len(bytearray(b"x" * mebibytes * MIB)) > 0


def test_a_group_counts_what_its_processes_use(groups):
    group = taken(groups)
    group.begin(200 * MIB, 10)
    run(group, lambda: hold(50))
    assert 50 * MIB <= group.peak_bytes() <= 120 * MIB
    assert 0 < group.cpu_seconds() < 5
    assert not group.out_of_memory()
    group.remove()


def test_what_was_used_before_is_forgotten(groups):
    for _ in range(3):
        group = taken(groups)
        group.begin(40 * MIB, 10)
        run(group, lambda: hold(200))
        assert group.out_of_memory()
        groups.give_back(group)

        group = taken(groups)
        run(group, lambda: hold(60))  # a box is prepared before it is bounded
        group.begin(200 * MIB, 10)
        if isinstance(group, CgroupV1):  # version 2 has a new group, and the peak of all its time
            assert group.peak_bytes() < MIB
        assert group.cpu_seconds() < 0.1
        assert not group.out_of_memory()
        run(group, lambda: hold(60))
        assert group.peak_bytes() >= 60 * MIB
        assert not group.out_of_memory()
        groups.give_back(group)


def test_a_group_that_is_not_empty_is_nobody_elses(groups):
    group = taken(groups)
    group.begin(40 * MIB, 10)
    door = door_of(group)
    child = started(group, lambda: time.sleep(0.5))
    while not door.read_text():
        time.sleep(0.01)
    groups.give_back(group)
    following = taken(groups)
    assert door_of(following) != door
    os.waitpid(child, 0)
    following.remove()
    assert not door.exists()


def test_a_box_that_was_never_ready_may_join_late_so_its_group_is_removed(groups):
    groups.give_back(taken(groups))
    ours, theirs = socket.socketpair()
    order = Order(folder_bytes=1, file_bytes=1, memory_bytes=0, processes=0, user=0)
    core = Core()
    box = JoinedBox(ours, os.memfd_create("output"), order, core, groups)
    (door, *_) = box.hand_over()
    place = Path(f"/proc/self/fd/{door}").readlink()
    box.free()
    assert not place.exists()
    theirs.close()
    core.close()


def test_no_more_than_a_few_are_kept(groups):
    before = folders()
    many = [taken(groups) for _ in range(12)]
    for group in many:
        groups.give_back(group)
    assert len(folders() - before) <= 4


def test_the_groups_of_a_worker_that_was_killed_are_removed_later(groups):
    mine = taken(groups)
    reader, writer = os.pipe()
    killed = os.fork()
    if killed == 0:
        group = new_cgroup()
        assert group is not None
        os.write(writer, str(door_of(group)).encode())
        os._exit(0)
    os.waitpid(killed, 0)
    left = Path(os.read(reader, 4096).decode())
    os.close(reader)
    os.close(writer)
    remove_left_behind()
    assert left.exists()
    remove_left_behind(older_than_seconds=0.0)
    assert not left.exists()
    assert door_of(mine).exists()
    mine.remove()
