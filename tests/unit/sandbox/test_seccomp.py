"""The filter of system calls: every number of both tables is put through the program."""

import errno
import struct

import pytest
from nbjudge_course.errors import Unavailable
from nbjudge_worker.sandbox.seccomp import seccomp_filter
from nbjudge_worker.sandbox.system_calls import Numbers, numbers_of

ALLOW, KILL, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
MACHINES = ("x86_64", "aarch64")


def known(machine: str) -> Numbers:
    numbers = numbers_of(machine)
    assert numbers is not None
    return numbers


def outcome(program: bytes, audit: int, number: int, arguments: tuple[int, ...] = (0, 0)) -> int:
    """Run the program on one call as the kernel would (linux/filter.h)."""
    data = {0: number, 4: audit, 16: arguments[0], 24: arguments[1]}
    steps = list(struct.iter_unpack("=HBBI", program))
    loaded, place = 0, 0
    while True:
        code, then, otherwise, value = steps[place]
        place += 1
        if code == 0x06:
            return value
        if code == 0x20:
            loaded = data[value]
            continue
        tests = {0x15: loaded == value, 0x35: loaded >= value, 0x45: bool(loaded & value)}
        place += then if tests[code] else otherwise


@pytest.mark.parametrize("machine", MACHINES)
def test_only_what_is_listed_is_allowed(machine: str) -> None:
    numbers = known(machine)
    program = seccomp_filter(machine)
    allowed = {n for n in range(600) if outcome(program, numbers.audit, n) == ALLOW}
    by_argument = {numbers.clone, numbers.ioctl}
    assert allowed - by_argument == numbers.allowed | numbers.lasting
    assert len(program) // 8 < 4096


@pytest.mark.parametrize("machine", MACHINES)
def test_a_shared_namespace_has_no_shared_memory_or_queues(machine: str) -> None:
    numbers = known(machine)
    program = seccomp_filter(machine, lasting=False)
    for number in numbers.lasting:
        assert outcome(program, numbers.audit, number) == FAIL | errno.EPERM


@pytest.mark.parametrize("machine", MACHINES)
def test_another_architecture_is_killed(machine: str) -> None:
    assert outcome(seccomp_filter(machine), 0x40000003, 0) == KILL


@pytest.mark.parametrize("machine", MACHINES)
def test_no_namespaces_no_network_no_typing_into_terminals(machine: str) -> None:
    numbers, program = known(machine), seccomp_filter(machine)

    def made(number: int, *arguments: int) -> int:
        return outcome(program, numbers.audit, number, (*arguments, 0, 0)[:2])

    assert made(numbers.clone, 0x10000000) == FAIL | errno.EPERM
    assert made(numbers.clone, 17) == ALLOW
    assert made(435) == FAIL | errno.ENOSYS  # clone3
    assert [made(numbers.socket, family) == ALLOW for family in (1, 2, 10, 16, 17)] == [
        True, False, False, False, False,
    ]  # fmt: skip
    for request in (0x5412, 0x541C):
        assert made(numbers.ioctl, 0, request) == FAIL | errno.EPERM
    assert made(numbers.ioctl, 0, 0x5401) == ALLOW


@pytest.mark.parametrize("machine", MACHINES)
def test_locks_of_shared_files_seem_to_succeed(machine: str) -> None:
    numbers, program = known(machine), seccomp_filter(machine)
    assert {outcome(program, numbers.audit, n) for n in numbers.pretended} == {FAIL}


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_newer_than_the_list_do_not_exist(machine: str) -> None:
    numbers, program = known(machine), seccomp_filter(machine)
    for number in (numbers.newest + 1, 452, 0x40000001):
        assert outcome(program, numbers.audit, number) == FAIL | errno.ENOSYS


def test_an_unknown_machine_has_no_filter() -> None:
    with pytest.raises(Unavailable, match="vax"):
        seccomp_filter("vax")
