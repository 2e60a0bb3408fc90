"""What every engine's boxes do, safe or not."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from nbjudge_course.problem import Limits
from nbjudge_worker.grading.inbox import BoxLost
from nbjudge_worker.sandbox.box import Ending, Role

MIB = 1024 * 1024
QUICK = ("bubblewrap", "none", "docker-shared")
NAP = "import time\ntime.sleep(60)\n"


def eventually(holds: Callable[[], object], seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while not holds() and time.monotonic() < until:
        time.sleep(0.01)
    return bool(holds())


def at_rest(count: Callable[[], int]) -> tuple[int, int]:
    """Return how many processes and descriptors there are when nothing is being prepared."""
    seen = [(count(), descriptors())]
    while len(seen) < 4 or len(set(seen[-4:])) > 1:  # a container takes seconds to start
        time.sleep(1.0)
        seen.append((count(), descriptors()))
    return seen[-1]


def groups() -> int:
    folders = (Path(folder).name for folder, _, _ in os.walk("/sys/fs/cgroup"))
    return sum(name.startswith(f"nbjudge-{os.getpid()}-") for name in folders)


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_both_streams_land_in_the_output(said):
    assert said("import os\nprint('one', flush=True)\nos.write(2, b'two')") == "one\ntwo"


def test_what_was_printed_cannot_be_taken_back(said):
    source = """
import os
os.write(1, b"printed")
for end in (1, 2):
    try:
        os.ftruncate(end, 0)
    except OSError:
        pass
"""
    assert said(source) == "printed"


def test_a_flood_of_output_ends_at_the_size_of_a_file(start):
    cell = start("while True:\n    print('x' * 100_000)", file_bytes=MIB, output_bytes=1024)
    assert cell.message().op == "failed"
    assert cell.candidate.printed_bytes() <= MIB


def test_standard_input_is_empty(said):
    assert said("import os\nprint(os.read(0, 9))") == "b''\n"


def test_a_box_that_has_waited_is_as_clean_as_one_that_is_wanted_at_once(sandbox, said):
    source = "import sys\nprint(sorted(globals()), sorted(sys.modules), dir())"
    for _ in range(4):  # those that have waited since the last test
        sandbox.take(Role.CANDIDATE, Limits()).close()
    at_once = said(source)
    sandbox.tidy()
    time.sleep(0.5)  # what waits has warmed up meanwhile
    assert said(source) == at_once


def test_each_box_draws_numbers_of_its_own(said):
    source = "import random\nprint(random.random(), random.Random().random())"
    assert len({said(source) for _ in range(3)}) == 3


def test_files_can_be_written_and_are_gone_for_the_next(said):
    source = """
import os, tempfile
print(os.listdir("."), [name for name in os.listdir(tempfile.gettempdir()) if "trace" in name])
open("trace", "w").write("here")
open(tempfile.gettempdir() + "/trace", "w").write("here")
"""
    assert said(source) == said(source) == "[] []\n"


def test_honest_programs_have_threads_processes_and_loops(said):
    source = """
import asyncio, multiprocessing, random, subprocess, sys, threading
thread = threading.Thread(target=print, args=("thread",)); thread.start(); thread.join()
print(subprocess.run([sys.executable, "-c", "print(6 * 7)"], capture_output=True, text=True).stdout.strip())
asyncio.run(asyncio.sleep(0))
with multiprocessing.get_context("fork").Pool(2) as pool:
    print(pool.map(abs, [-1, -2]))
print(len(random.randbytes(3)), sys.stdin.read() == "")
"""
    assert said(source, wall_seconds=30) == "thread\n42\n[1, 2]\n3 True\n"


def test_a_box_that_ends_by_itself_has_exited(start):
    cell = start("import os\nos._exit(3)")
    with pytest.raises(BoxLost):
        cell.message()
    assert eventually(cell.box.ending)
    assert cell.box.ending() is Ending.EXITED


def test_a_box_that_is_closed_says_so_and_can_be_closed_again(start):
    cell = start(NAP)
    assert cell.box.ending() is None
    cell.box.close()
    cell.box.close()
    assert cell.box.ending() is Ending.CLOSED


def test_a_box_that_holds_too_much_is_out_of_memory(start):
    cell = start("held = [bytearray(b'x' * 2**20) for _ in range(400)]", memory_bytes=64 * MIB)
    box = cell.box
    assert eventually(lambda: box.usage() and box.ending())
    assert box.ending() is Ending.OUT_OF_MEMORY


def test_what_bound_the_last_boxes_does_not_bind_the_next(sandbox, start):
    for _ in range(3):
        full = start("held = [bytearray(b'x' * 2**20) for _ in range(400)]", memory_bytes=64 * MIB)
        assert eventually(lambda: full.box.usage() and full.box.ending())
        assert full.box.ending() is Ending.OUT_OF_MEMORY
        full.box.close()
        sandbox.tidy()

        cell = start("held = b'x' * (150 * 2**20)", memory_bytes=200 * MIB)
        assert cell.message().op == "loaded"
        assert 149 * MIB <= cell.box.usage().memory_bytes < 170 * MIB
        assert cell.box.usage().cpu_seconds < 1.0
        cell.box.close()
        assert cell.box.ending() is Ending.CLOSED
        sandbox.tidy()


def test_only_what_the_submission_uses_counts(start):
    cell = start("held = b'x' * (40 * 2**20)")
    cell.message()
    usage = cell.box.usage()
    assert 39 * MIB <= usage.memory_bytes < 60 * MIB
    assert 0 < usage.cpu_seconds < 1.0


def test_the_time_of_children_counts(start):
    source = "import os\nfor _ in range(2):\n    os.fork()\nwhile True:\n    pass"
    cell = start(source)
    assert eventually(lambda: cell.box.usage().cpu_seconds > 0.5)


def test_the_last_figures_stay_when_it_has_ended(start):
    cell = start("held = b'x' * (40 * 2**20)")
    cell.message()
    cell.box.close()
    assert cell.box.usage().memory_bytes >= 39 * MIB


def test_processes_are_bounded(said):
    source = """
import os, time
born = 0
try:
    while born < 100:
        if os.fork() == 0:
            time.sleep(60)
        born += 1
except OSError:
    pass
print(born)
"""
    if os.getuid() == 0 and not groups_work():
        pytest.fail("root without control groups cannot bound the processes of the engine none")
    assert 5 <= int(said(source, processes=10)) <= 12


def groups_work() -> bool:
    from nbjudge_worker.sandbox.cgroup import has_cgroups

    return has_cgroups()


def test_closing_kills_all_that_was_left_behind(start, population):
    source = """
import os, signal, sys, time
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
    signal.signal(number, signal.SIG_IGN)
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(300)
        os._exit(0)
"""
    start("").message()
    before, _ = at_rest(population)
    cell = start(source)
    cell.message()
    assert population() > before
    cell.box.close()
    assert eventually(lambda: population() <= before, seconds=60.0), "processes are left"


def test_a_box_is_never_handed_out_twice(sandbox):
    boxes = [sandbox.take(Role.CANDIDATE, Limits()) for _ in range(5)]
    assert len({id(box) for box in boxes}) == len({box.output for box in boxes}) == 5
    for box in boxes:
        box.close()


def test_boxes_are_born_with_the_limits_that_were_asked_for(said):
    source = "import os\nos.write(os.open('big', os.O_CREAT | os.O_WRONLY), b'x' * 3_000_000)\n"
    source += "print(os.path.getsize('big'))"
    assert said(source, file_bytes=4_000_000) == "3000000\n"
    assert int(said(source, file_bytes=1_000_000, output_bytes=1000)) == 1_000_000
    assert said(source, file_bytes=4_000_000) == "3000000\n"


def test_when_all_that_is_prepared_is_killed_the_next_box_is_made_anew(start, end_all):
    end_all()
    cell = start("print('alive')")
    assert cell.message().op == "loaded"


def test_nothing_is_left_of_many_boxes(sandbox, population):
    def use(times: int) -> None:
        for _ in range(times):
            box = sandbox.take(Role.CANDIDATE, Limits())
            box.usage()
            box.close()

    use(3)
    (processes, files), folders = at_rest(population), groups()
    use(50 if sandbox.name in QUICK else 6)
    files += 2  # the daemon's client keeps a connection more, or less, as its calls meet
    assert eventually(lambda: population() <= processes and descriptors() <= files, 30.0)
    assert groups() <= folders
